"""OLES: operations stop learning where training and validation gradients disagree.

As in the paper, of NeurIPS 2023. The threshold belongs to the larger cosines of the
authors' program, of which `freezing_measure`=sum is about the measure; see `Freezing`.
"""

from darts_tf.methods.preset import Preset

PRESET = Preset(
    "oles",
    "Operation-level early stopping, NeurIPS 2023",
    {"order": "first"},
    convolutional={"freezing_threshold": 0.4},
    recurrent=None,
)
