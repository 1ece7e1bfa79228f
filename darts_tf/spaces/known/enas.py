"""The space of ENAS' cells (arXiv 1802.03268, section 2.4).

Its identity halves by a factorized reduction, as DARTS' skip connection does.
"""

from darts_tf.spaces.pairwise_space import pairwise_space
from darts_tf.spaces.published_skeletons import enas_skeleton

ENAS = pairwise_space(
    "enas",
    "ENAS, arXiv 1802.03268, section 2.4",
    ("skip_connect", "sep_conv_3x3", "sep_conv_5x5", "avg_pool_3x3", "max_pool_3x3"),
    enas_skeleton,
    {"layers": 18, "init_channels": 36},
    # For large images ENAS has no network.
    stems=("cifar",),
)
