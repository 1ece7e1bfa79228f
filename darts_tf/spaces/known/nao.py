"""The space of NAO (arXiv 1808.07233), of eleven operations.

Its cells stand in the skeleton of NASNet here, which that of the authors' code follows.
"""

from darts_tf.spaces.pairwise_space import pairwise_space
from darts_tf.spaces.published_skeletons import nasnet_skeleton

NAO = pairwise_space(
    "nao",
    "NAO, arXiv 1808.07233",
    (
        "identity",
        "conv_1x1",
        "conv_3x3",
        "conv_1x3_3x1",
        "conv_1x7_7x1",
        "max_pool_2x2",
        "max_pool_3x3",
        "max_pool_5x5",
        "avg_pool_2x2",
        "avg_pool_3x3",
        "avg_pool_5x5",
    ),
    nasnet_skeleton,
    {"layers": 18, "init_channels": 36},
)
