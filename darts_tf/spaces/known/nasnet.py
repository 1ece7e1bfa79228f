"""The space of NASNet (arXiv 1707.07012, section 3), of thirteen operations."""

from darts_tf.spaces.pairwise_space import pairwise_space
from darts_tf.spaces.published_skeletons import nasnet_skeleton

NASNET = pairwise_space(
    "nasnet",
    "NASNet, arXiv 1707.07012, section 3",
    (
        "identity",
        "conv_1x3_3x1",
        "conv_1x7_7x1",
        "dil_conv_3x3",
        "avg_pool_3x3",
        "max_pool_3x3",
        "max_pool_5x5",
        "max_pool_7x7",
        "conv_1x1",
        "conv_3x3",
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
    ),
    nasnet_skeleton,
    {"layers": 18, "init_channels": 32},
)
