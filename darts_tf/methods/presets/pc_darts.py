"""PC-DARTS: a quarter of the channels is mixed, and edges have weights.

The authors' program searches in first order, with batches four times as large as those
of DARTS, which the smaller memory allows.
"""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "pc_darts",
    "arXiv 1907.05737",
    {"order": "first", "frozen_epochs": 15},
    convolutional={
        "partial_channels": 4,
        "edge_normalization": True,
        "batch_size": 256,
        "learning_rate": 0.1,
        "learning_rate_min": 0.0,
        "arch_learning_rate": 6e-4,
    },
    recurrent=None,
)
