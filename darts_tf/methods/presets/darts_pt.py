"""DARTS-PT: after a search, edges are decided by what the network misses most.

The authors' program evaluates augmented images of the validation half and moves the
running statistics meanwhile; here it evaluates them as they are, and moves nothing.
"""

from darts_tf.methods.preset import WITHOUT_NONE, Preset

PRESET = Preset(
    "darts_pt",
    "arXiv 2108.04392",
    {"order": "first"},
    convolutional={"primitives": WITHOUT_NONE, "projection": "accuracy"},
    recurrent=None,
)
