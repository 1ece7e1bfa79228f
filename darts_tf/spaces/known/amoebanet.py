"""The space of AmoebaNet (arXiv 1802.01548, section 3.1), of eight operations."""

from darts_tf.spaces.pairwise_space import pairwise_space
from darts_tf.spaces.published_skeletons import nasnet_skeleton

AMOEBANET = pairwise_space(
    "amoebanet",
    "AmoebaNet, arXiv 1802.01548, section 3.1",
    (
        "identity",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "avg_pool_3x3",
        "max_pool_3x3",
        "dil_sep_conv_3x3",
        "bottleneck_1x7_7x1",
    ),
    nasnet_skeleton,
    {"layers": 18, "init_channels": 36},
)
