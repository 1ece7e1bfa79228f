"""The cells with which DARTS is compared, as their own papers build them.

Written as in `published_cells`, and read in the skeletons of those papers; they differ
from the forms that DARTS retrained in the order of the nodes, in what is concatenated,
inputs too, and in the operations themselves: AmoebaNet's full convolutions have a
bottleneck, and the identity of all but ENAS halves by a single path.

NASNet-A: arXiv 1707.07012, figure 4; AmoebaNet-A, -B and -C: arXiv 1802.01548, figure 5
and appendix; ENAS: arXiv 1802.03268, figure 8; PNAS, which has one kind of cell:
arXiv 1712.00559, figure 1.
"""

ORIGINAL_CELLS = {
    "NASNet-A-original": {
        "normal": {
            "nodes": [
                [("sep_conv_5x5", 1), ("sep_conv_3x3", 0)],
                [("sep_conv_5x5", 0), ("sep_conv_3x3", 0)],
                [("avg_pool_3x3", 1), ("identity", 0)],
                [("avg_pool_3x3", 0), ("avg_pool_3x3", 0)],
                [("sep_conv_3x3", 1), ("identity", 1)],
            ],
            "concat": [0, 2, 3, 4, 5, 6],
        },
        "reduce": {
            "nodes": [
                [("sep_conv_5x5", 1), ("sep_conv_7x7", 0)],
                [("max_pool_3x3", 1), ("sep_conv_7x7", 0)],
                [("avg_pool_3x3", 1), ("sep_conv_5x5", 0)],
                [("identity", 3), ("avg_pool_3x3", 2)],
                [("sep_conv_3x3", 2), ("max_pool_3x3", 1)],
            ],
            "concat": [3, 4, 5, 6],
        },
    },
    "AmoebaNet-A-original": {
        "normal": {
            "nodes": [
                [("avg_pool_3x3", 1), ("max_pool_3x3", 1)],
                [("sep_conv_3x3", 0), ("identity", 0)],
                [("identity", 1), ("avg_pool_3x3", 0)],
                [("sep_conv_3x3", 1), ("sep_conv_5x5", 2)],
                [("avg_pool_3x3", 5), ("sep_conv_3x3", 1)],
            ],
            "concat": [0, 3, 4, 6],
        },
        "reduce": {
            "nodes": [
                [("sep_conv_3x3", 0), ("avg_pool_3x3", 1)],
                [("max_pool_3x3", 1), ("sep_conv_7x7", 2)],
                [("max_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("sep_conv_3x3", 4), ("bottleneck_1x7_7x1", 1)],
                [("avg_pool_3x3", 0), ("sep_conv_7x7", 1)],
            ],
            "concat": [2, 3, 4, 5, 6],
        },
    },
    "AmoebaNet-B": {
        "normal": {
            "nodes": [
                [("conv_1x1", 0), ("max_pool_3x3", 0)],
                [("identity", 0), ("sep_conv_3x3", 1)],
                [("conv_1x1", 0), ("sep_conv_3x3", 1)],
                [("conv_1x1", 2), ("identity", 2)],
                [("avg_pool_3x3", 0), ("conv_1x1", 5)],
            ],
            "concat": [1, 3, 4, 6],
        },
        "reduce": {
            "nodes": [
                [("max_pool_2x2", 1), ("max_pool_3x3", 1)],
                [("identity", 2), ("bottleneck_3x3", 0)],
                [("dil_sep_conv_5x5", 2), ("max_pool_3x3", 2)],
                [("identity", 3), ("sep_conv_3x3", 0)],
                [("avg_pool_3x3", 4), ("conv_1x1", 3)],
            ],
            "concat": [5, 6],
        },
    },
    "AmoebaNet-C": {
        "normal": {
            "nodes": [
                [("avg_pool_3x3", 1), ("sep_conv_3x3", 1)],
                [("identity", 1), ("sep_conv_3x3", 1)],
                [("avg_pool_3x3", 2), ("sep_conv_3x3", 0)],
                [("identity", 1), ("sep_conv_3x3", 0)],
                [("avg_pool_3x3", 3), ("sep_conv_3x3", 1)],
            ],
            "concat": [0, 2, 4, 5, 6],
        },
        "reduce": {
            "nodes": [
                [("max_pool_3x3", 1), ("max_pool_3x3", 1)],
                [("sep_conv_7x7", 2), ("sep_conv_3x3", 1)],
                [("sep_conv_7x7", 1), ("max_pool_3x3", 0)],
                [("sep_conv_5x5", 4), ("sep_conv_5x5", 4)],
                [("max_pool_3x3", 0), ("sep_conv_3x3", 0)],
            ],
            "concat": [1, 2, 3, 4, 5, 6],
        },
    },
    "ENAS": {
        "normal": {
            "nodes": [
                [("avg_pool_3x3", 0), ("sep_conv_3x3", 0)],
                [("skip_connect", 0), ("sep_conv_5x5", 0)],
                [("skip_connect", 0), ("sep_conv_5x5", 1)],
                [("sep_conv_3x3", 1), ("sep_conv_5x5", 0)],
                [("avg_pool_3x3", 0), ("sep_conv_5x5", 1)],
            ],
            "concat": [2, 3, 4, 5, 6],
        },
        "reduce": {
            "nodes": [
                [("sep_conv_3x3", 1), ("sep_conv_3x3", 1)],
                [("max_pool_3x3", 0), ("avg_pool_3x3", 0)],
                [("sep_conv_5x5", 1), ("sep_conv_5x5", 3)],
                [("sep_conv_3x3", 1), ("skip_connect", 0)],
                [("max_pool_3x3", 0), ("sep_conv_5x5", 1)],
            ],
            "concat": [2, 4, 5, 6],
        },
    },
    "PNAS": {
        "pnas": {
            "nodes": [
                [("sep_conv_5x5", 0), ("max_pool_3x3", 0)],
                [("sep_conv_7x7", 1), ("max_pool_3x3", 1)],
                [("sep_conv_5x5", 1), ("sep_conv_3x3", 1)],
                [("sep_conv_3x3", 4), ("max_pool_3x3", 1)],
                [("sep_conv_3x3", 0), ("identity", 1)],
            ],
            "concat": [2, 3, 4, 5, 6],
        },
    },
}
