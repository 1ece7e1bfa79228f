"""The cells that DARTS compares, as its evaluation network builds them.

Nodes and concatenation are written as in a genotype's JSON. NASNet-A and AmoebaNet-A
differ from their own papers in what is concatenated and, the latter, in the order of
the nodes: these are the forms that arXiv 1806.09055 retrained ("in the DARTS setup").
The recurrent cells are those of its evaluation on text.
"""

PUBLISHED_CELLS = {
    "DARTS_V1": {
        "normal": {
            "nodes": [
                [("sep_conv_3x3", 1), ("sep_conv_3x3", 0)],
                [("skip_connect", 0), ("sep_conv_3x3", 1)],
                [("skip_connect", 0), ("sep_conv_3x3", 1)],
                [("sep_conv_3x3", 0), ("skip_connect", 2)],
            ],
            "concat": [2, 3, 4, 5],
        },
        "reduce": {
            "nodes": [
                [("max_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("skip_connect", 2), ("max_pool_3x3", 0)],
                [("max_pool_3x3", 0), ("skip_connect", 2)],
                [("skip_connect", 2), ("avg_pool_3x3", 0)],
            ],
            "concat": [2, 3, 4, 5],
        },
    },
    "DARTS_V2": {
        "normal": {
            "nodes": [
                [("sep_conv_3x3", 0), ("sep_conv_3x3", 1)],
                [("sep_conv_3x3", 0), ("sep_conv_3x3", 1)],
                [("sep_conv_3x3", 1), ("skip_connect", 0)],
                [("skip_connect", 0), ("dil_conv_3x3", 2)],
            ],
            "concat": [2, 3, 4, 5],
        },
        "reduce": {
            "nodes": [
                [("max_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("skip_connect", 2), ("max_pool_3x3", 1)],
                [("max_pool_3x3", 0), ("skip_connect", 2)],
                [("skip_connect", 2), ("max_pool_3x3", 1)],
            ],
            "concat": [2, 3, 4, 5],
        },
    },
    "NASNet-A": {
        "normal": {
            "nodes": [
                [("sep_conv_5x5", 1), ("sep_conv_3x3", 0)],
                [("sep_conv_5x5", 0), ("sep_conv_3x3", 0)],
                [("avg_pool_3x3", 1), ("skip_connect", 0)],
                [("avg_pool_3x3", 0), ("avg_pool_3x3", 0)],
                [("sep_conv_3x3", 1), ("skip_connect", 1)],
            ],
            "concat": [2, 3, 4, 5, 6],
        },
        "reduce": {
            "nodes": [
                [("sep_conv_5x5", 1), ("sep_conv_7x7", 0)],
                [("max_pool_3x3", 1), ("sep_conv_7x7", 0)],
                [("avg_pool_3x3", 1), ("sep_conv_5x5", 0)],
                [("skip_connect", 3), ("avg_pool_3x3", 2)],
                [("sep_conv_3x3", 2), ("max_pool_3x3", 1)],
            ],
            "concat": [4, 5, 6],
        },
    },
    "AmoebaNet-A": {
        "normal": {
            "nodes": [
                [("avg_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("sep_conv_3x3", 0), ("sep_conv_5x5", 2)],
                [("sep_conv_3x3", 0), ("avg_pool_3x3", 3)],
                [("sep_conv_3x3", 1), ("skip_connect", 1)],
                [("skip_connect", 0), ("avg_pool_3x3", 1)],
            ],
            "concat": [4, 5, 6],
        },
        "reduce": {
            "nodes": [
                [("avg_pool_3x3", 0), ("sep_conv_3x3", 1)],
                [("max_pool_3x3", 0), ("sep_conv_7x7", 2)],
                [("sep_conv_7x7", 0), ("avg_pool_3x3", 1)],
                [("max_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("conv_7x1_1x7", 0), ("sep_conv_3x3", 5)],
            ],
            "concat": [3, 4, 6],
        },
    },
}

PUBLISHED_RECURRENT_CELLS = {
    "DARTS_V1": {
        "nodes": [
            ("relu", 0),
            ("relu", 1),
            ("tanh", 2),
            ("relu", 3),
            ("relu", 4),
            ("identity", 1),
            ("relu", 5),
            ("relu", 1),
        ],
        "mean": [1, 2, 3, 4, 5, 6, 7, 8],
    },
    "DARTS_V2": {
        "nodes": [
            ("sigmoid", 0),
            ("relu", 1),
            ("relu", 1),
            ("identity", 1),
            ("tanh", 2),
            ("sigmoid", 5),
            ("tanh", 3),
            ("relu", 5),
        ],
        "mean": [1, 2, 3, 4, 5, 6, 7, 8],
    },
    "ENAS": {
        "nodes": [
            ("tanh", 0),
            ("tanh", 1),
            ("relu", 1),
            ("tanh", 3),
            ("tanh", 3),
            ("relu", 3),
            ("relu", 4),
            ("relu", 7),
            ("relu", 8),
            ("relu", 8),
            ("relu", 8),
        ],
        "mean": [2, 5, 6, 9, 10, 11],
    },
}
