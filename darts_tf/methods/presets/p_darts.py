"""P-DARTS: three stages of deeper networks, each with fewer operations on an edge.

A stage knows of the one before which operations were strong, and nothing else. The
rates of dropout after skip connections are those of the authors' command.
"""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "p_darts",
    "arXiv 1904.12760",
    {"order": "first", "frozen_epochs": 10},
    convolutional={
        "epochs": 75,
        "layers": 5,
        "stage_epochs": (25, 50),
        "stage_operations": (5, 3),
        "stage_layers": (11, 17),
        "skip_dropout": 0.1,
        "stage_skip_dropout": (0.4, 0.7),
        "stage_learning_rate": True,
        "batch_size": 96,
        "learning_rate_min": 0.0,
        "arch_learning_rate": 6e-4,
        "arch_gradient_clip": 5.0,
        "selection": "few_skips",
        "most_skips": 2,
    },
    recurrent=None,
)
