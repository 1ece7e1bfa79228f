"""GDAS: a step computes with one operation an edge, drawn by Gumbel noise.

w moves before alpha, and its gradient is clipped by a norm that alpha's takes part in.
"""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "gdas",
    "arXiv 1910.04465",
    {
        "order": "first",
        "relaxation": "gumbel_hard",
        "temperature": 10.0,
        "temperature_last": 0.1,
        "update_order": "w_first",
        "clip_with_alpha": True,
    },
    convolutional={
        "selection": "pairs",
        "epochs": 250,
        "batch_size": 256,
        "weight_decay": 5e-4,
        "nesterov": True,
    },
)
