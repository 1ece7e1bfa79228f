"""SNAS: softmax with Gumbel noise; one gradient moves alpha and w."""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "snas",
    "arXiv 1812.09926",
    {
        "order": "first",
        "levels": 1,
        "relaxation": "gumbel",
        "temperature": 1.0,
        "temperature_last": 0.03,
    },
    convolutional={"epochs": 150},
)
