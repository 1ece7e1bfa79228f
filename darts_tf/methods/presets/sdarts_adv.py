"""SDARTS-ADV: w takes its steps at the worst coefficients near by."""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "sdarts_adv",
    "arXiv 2002.05283",
    {"order": "first", "perturbation": "adversarial"},
    convolutional={"primitives": WITHOUT_NONE},
)
