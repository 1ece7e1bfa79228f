"""DrNAS in two stages, as its authors search.

The second one keeps the strongest operations of each edge, and mixes a larger part of
the channels.
"""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "drnas_progressive",
    "arXiv 2006.10355",
    {"order": "first", "relaxation": "dirichlet", "frozen_epochs": 10},
    convolutional={
        "epochs": 50,
        "init_channels": 36,
        "layers": 20,
        "primitives": WITHOUT_NONE,
        "partial_channels": 6,
        "stage_epochs": (25,),
        "stage_operations": (4,),
        "stage_partial_channels": (4,),
        "stage_carries": True,
        "learning_rate": 0.1,
        "learning_rate_min": 0.0,
        "arch_learning_rate": 6e-4,
    },
    recurrent=None,
)
