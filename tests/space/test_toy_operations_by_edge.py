"""A toy: other operations on each edge, and in each kind of cell, as in RobustDARTS."""

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.relaxations import softmax
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from tests.space.properties import check_space

NORMAL = (
    ("skip_connect", "dil_conv_3x3"),
    ("skip_connect", "dil_conv_5x5"),
    ("skip_connect", "dil_conv_5x5"),
    ("skip_connect", "sep_conv_3x3"),
    ("max_pool_3x3", "skip_connect"),
)
REDUCE = (("max_pool_3x3", "avg_pool_3x3"),) * 4 + (("none", "dil_conv_5x5"),)
SPACE = SearchSpace(
    "by_edge",
    (
        CellSpace("normal", 2, 2, NORMAL),
        CellSpace("reduce", 2, 2, REDUCE, keeps_none=True),
    ),
)


def test_properties():
    check_space(SPACE)


def test_columns_are_those_of_the_edge():
    assert SPACE.alpha_shapes() == {"normal": (5, 2), "reduce": (5, 2)}
    normal = np.array([[1, 0], [0, 1], [0, 1], [0, 2], [3, 0]])
    genotype = SPACE.derive({"normal": softmax(normal), "reduce": softmax(-normal)})
    assert genotype == Genotype(
        Cell.from_lists(
            [
                [("skip_connect", 0), ("dil_conv_5x5", 1)],
                [("max_pool_3x3", 2), ("sep_conv_3x3", 1)],
            ],
            [2, 3],
        ),
        Cell.from_lists(
            [
                [("avg_pool_3x3", 0), ("max_pool_3x3", 1)],
                [("dil_conv_5x5", 2), ("max_pool_3x3", 1)],
            ],
            [2, 3],
        ),
    )
    assert SPACE.of("normal").common_operations is None
    assert SPACE.of("normal").all_operations == (
        "skip_connect",
        "dil_conv_3x3",
        "dil_conv_5x5",
        "sep_conv_3x3",
        "max_pool_3x3",
    )
