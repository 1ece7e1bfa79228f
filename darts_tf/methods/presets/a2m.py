"""A2M: alpha descends the loss where that is highest near by."""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "a2m",
    "arXiv 2503.10404",
    {"order": "first", "perturbation": "sharpness", "perturbation_radius": 0.1},
)
