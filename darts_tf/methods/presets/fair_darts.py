"""FairDARTS: operations do not compete, and those above a threshold stay."""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "fair_darts",
    "arXiv 1911.12126",
    {
        "order": "first",
        "relaxation": "sigmoid",
        "zero_one_weight": 10.0,
        "arch_learning_rate": 3e-3,
        "arch_beta_1": 0.9,
    },
    convolutional={
        "primitives": WITHOUT_NONE,
        "selection": "threshold",
        "batch_size": 128,
        "learning_rate": 0.005,
    },
)
