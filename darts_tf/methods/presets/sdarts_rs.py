"""SDARTS-RS: w takes its steps at coefficients with random noise."""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "sdarts_rs",
    "arXiv 2002.05283",
    {"order": "first", "perturbation": "random"},
    convolutional={"primitives": WITHOUT_NONE},
)
