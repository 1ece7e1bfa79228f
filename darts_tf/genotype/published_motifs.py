"""The motifs and the cell that hierarchical evolution found, written as in JSON.

arXiv 1711.00436, appendix A. A state is numbered from 0, the input of its graph, where
the paper counts from 1.
"""

_IDENTITY, _POINTWISE = "identity", "conv_1x1_relu"
_DEPTHWISE, _SEPARABLE = "dep_conv_3x3_relu", "sep_conv_3x3_relu"
_MAX, _AVERAGE = "max_pool_3x3", "avg_pool_3x3"

PUBLISHED_MOTIFS = {
    "hierarchical": {
        "motifs": {
            "motif_1": [
                [(_MAX, 0)],
                [(_POINTWISE, 0), (_DEPTHWISE, 1)],
                [(_SEPARABLE, 0), (_POINTWISE, 1), (_MAX, 2)],
            ],
            "motif_2": [
                [(_MAX, 0)],
                [(_DEPTHWISE, 0), (_DEPTHWISE, 1)],
                [(_POINTWISE, 0), (_SEPARABLE, 1), (_SEPARABLE, 2)],
            ],
            "motif_3": [
                [(_SEPARABLE, 0)],
                [(_DEPTHWISE, 0), (_SEPARABLE, 1)],
                [(_SEPARABLE, 0), (_IDENTITY, 1), (_AVERAGE, 2)],
            ],
            "motif_4": [
                [(_AVERAGE, 0)],
                [(_SEPARABLE, 0), (_SEPARABLE, 1)],
                [(_IDENTITY, 0), (_MAX, 1), (_AVERAGE, 2)],
            ],
            "motif_5": [
                [(_IDENTITY, 0)],
                [(_SEPARABLE, 0), (_IDENTITY, 1)],
                [(_SEPARABLE, 0), (_IDENTITY, 1), (_SEPARABLE, 2)],
            ],
        },
        "cell": [
            [("motif_5", 0)],
            [("motif_3", 0), ("motif_3", 1)],
            [("motif_3", 0), ("motif_1", 1), ("motif_3", 2)],
            [("motif_4", 0), ("motif_5", 1), ("motif_5", 2), ("motif_5", 3)],
        ],
    },
}
