"""DARTS-: a skip connection beside every mixed operation, which fades."""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "darts_minus",
    "arXiv 2009.01027",
    {"order": "first"},
    convolutional={"auxiliary_skip": 1.0},
    recurrent=None,
)
