"""A toy: nodes of two pairs that may share their source; what is unused is put out.

So are the cells of NASNet, ENAS and NAO.
"""

import numpy as np
import pytest

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.method.relaxations import softmax
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from tests.space.properties import check_space

OPERATIONS = ("skip_connect", "sep_conv_3x3", "sep_conv_5x5", "avg_pool_3x3")
NORMAL, REDUCE = (
    CellSpace(kind, 2, 3, OPERATIONS, "pairs", outputs="unused")
    for kind in ("normal", "reduce")
)
SPACE = SearchSpace("pairs", (NORMAL, REDUCE))

# The first three nodes of ENAS' normal cell; both pairs of each share a source.
ENAS = Cell.from_lists(
    [
        [("avg_pool_3x3", 0), ("sep_conv_3x3", 0)],
        [("skip_connect", 0), ("sep_conv_5x5", 0)],
        [("skip_connect", 2), ("skip_connect", 2)],
    ],
    [3, 4],
)


def test_properties():
    check_space(SPACE)


def test_a_cell_whose_pairs_share_a_source_is_in_the_space():
    genotype = Genotype(ENAS, ENAS)
    assert SPACE.decode(SPACE.encode(genotype)) == genotype
    with pytest.raises(ValueError, match="`cell`, expected a normal cell of the space"):
        all_put_out = Cell(ENAS.nodes, (2, 3, 4))
        SPACE.encode(Genotype(all_put_out, ENAS))


def test_the_two_strongest_pairs_are_derived():
    alpha = np.zeros(NORMAL.alpha_shape)
    alpha[NORMAL.row(0, 1)] = [0, 3, 2, 0]
    alpha[NORMAL.row(1, 2)] = [0, 0, 0, 1]
    alpha[NORMAL.row(2, 0)] = [0, 0, 0, 1]
    genotype = SPACE.derive(dict.fromkeys(SPACE.kinds, softmax(alpha)))
    assert genotype.normal == Cell.from_lists(
        [
            [("sep_conv_3x3", 1), ("sep_conv_5x5", 1)],
            [("avg_pool_3x3", 2), ("skip_connect", 0)],
            [("avg_pool_3x3", 0), ("skip_connect", 1)],
        ],
        [3, 4],
    )


def test_a_mutation_changes_which_nodes_are_unused():
    rng = np.random.default_rng(0)
    genotype, outputs = Genotype(ENAS, ENAS), set()
    for _ in range(50):
        genotype = SPACE.mutate(genotype, rng)
        outputs.add(genotype.normal.outputs)
    assert {(4,), (2, 3, 4)} <= outputs
