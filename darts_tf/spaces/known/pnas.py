"""The space of PNAS (arXiv 1712.00559, section 3.1), of one kind of cell.

Where the skeleton says so, the cell has stride 2. Its output is made of all nodes.
"""

from darts_tf.space.cell_space import ALL
from darts_tf.spaces.pairwise_space import pairwise_space
from darts_tf.spaces.published_skeletons import pnas_skeleton

PNAS = pairwise_space(
    "pnas",
    "PNAS, arXiv 1712.00559, section 3.1",
    (
        "sep_conv_3x3",
        "sep_conv_5x5",
        "sep_conv_7x7",
        "conv_1x7_7x1",
        "identity",
        "avg_pool_3x3",
        "max_pool_3x3",
        "dil_conv_3x3",
    ),
    pnas_skeleton,
    {"layers": 9, "init_channels": 48},
    kinds=("pnas",),
    outputs=ALL,
)
