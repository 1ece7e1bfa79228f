import numpy as np
import pytest

from darts_tf.comparison.agreement import (
    agreement,
    agreements,
    drawn_agreement,
    mean_agreement,
)
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.space.search_space import convolutional_space, recurrent_space


def genotype(*nodes, kind="only"):
    cell = Cell.from_lists(nodes, range(1, len(nodes) + 1), num_inputs=1)
    return CellsGenotype(((kind, cell),))


FIRST = genotype([("a", 0), ("b", 0)], [("a", 0), ("b", 1)])


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (FIRST, 1),
        # The order of the edges of a node does not count.
        (genotype([("b", 0), ("a", 0)], [("b", 1), ("a", 0)]), 1),
        # Another operation, another source, another node.
        (genotype([("a", 0), ("c", 0)], [("a", 0), ("b", 0)]), 0.5),
        (genotype([("c", 0), ("c", 0)], [("b", 0), ("a", 1)]), 0),
        # An edge that stands there twice is common once.
        (genotype([("a", 0), ("a", 0)], [("a", 0), ("b", 1)]), 0.75),
        # A smaller cell has at most its own edges.
        (genotype([("a", 0), ("b", 0)], [("a", 0)]), 0.75),
        (genotype([("a", 0), ("b", 0)], [("a", 0), ("b", 1)], kind="other"), 0),
    ],
)
def test_share_of_equal_edges(other, expected):
    assert agreement(FIRST, other) == agreement(other, FIRST) == expected


def test_pairs():
    half = genotype([("a", 0), ("c", 0)], [("a", 0), ("b", 0)])
    values = agreements([FIRST, half, FIRST])
    np.testing.assert_array_equal(values, [[1, 0.5, 1], [0.5, 1, 0.5], [1, 0.5, 1]])
    assert mean_agreement(values) == pytest.approx(2 / 3)


def test_drawn_cells_agree_by_chance():
    # A single node reads both inputs, by one of two operations each.
    both = convolutional_space(("none", "skip_connect", "sep_conv_3x3"), 1)
    assert drawn_agreement(both) == pytest.approx(0.5, abs=0.06)
    assert drawn_agreement(both) == drawn_agreement(both)
    # The second of two nodes reads one of two states, by one of four operations.
    names = ("none", "tanh", "relu", "sigmoid", "identity")
    expected = (1 / 4 + 1 / 8) / 2
    assert drawn_agreement(recurrent_space(names, 2)) == pytest.approx(
        expected, abs=0.06
    )
