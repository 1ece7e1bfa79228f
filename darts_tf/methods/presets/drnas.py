"""DrNAS: the coefficients of an edge are drawn from a Dirichlet distribution.

This is its search in one stage, of whole edges; the decay of alpha draws the
concentrations to 1.
"""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "drnas",
    "arXiv 2006.10355",
    {"order": "first", "relaxation": "dirichlet"},
    convolutional={
        "primitives": WITHOUT_NONE,
        "learning_rate": 0.1,
        "learning_rate_min": 0.0,
        "arch_learning_rate": 6e-4,
    },
)
