"""Selections of a genotype, on strengths made by hand."""

import numpy as np
import pytest

from darts_tf.method.selections import AboveThreshold, FewSkips, StrongestPairs
from darts_tf.space.search_space import convolutional_space

OPERATIONS = ("none", "skip_connect", "sep_conv_3x3")
SPACE = convolutional_space(OPERATIONS, 2)
WEAK = np.full(SPACE.of("normal").alpha_shape, 0.1)


def genotype(selection, normal, reduce=WEAK):
    return selection.genotype(SPACE, {"normal": normal, "reduce": reduce})


def strengths(**by_edge):
    """Strengths by `edge_NODE_SOURCE`, of the three operations."""
    found = WEAK.copy()
    for name, row in by_edge.items():
        _, node, source = name.split("_")
        found[SPACE.of("normal").row(int(node), int(source))] = row
    return found


def test_pairs_may_share_a_source_and_are_not_none():
    normal = strengths(
        edge_0_0=[0.9, 0.2, 0.3], edge_1_0=[0.2, 0.5, 0.6], edge_1_2=[0.1, 0.4, 0.3]
    )
    nodes = genotype(StrongestPairs(), normal).cells["normal"].to_lists()
    assert nodes == [
        [["sep_conv_3x3", 0], ["skip_connect", 0]],
        [["sep_conv_3x3", 0], ["skip_connect", 0]],
    ]


def test_only_strong_operations_stay():
    normal = strengths(edge_0_1=[0.99, 0.2, 0.9], edge_1_0=[0, 0.86, 0.87])
    nodes = genotype(AboveThreshold(0.85), normal).cells["normal"].to_lists()
    assert nodes == [[["sep_conv_3x3", 1]], [["sep_conv_3x3", 0]]]
    nodes = genotype(AboveThreshold(0.85, 2), normal).cells["normal"].to_lists()
    assert nodes == [
        [["sep_conv_3x3", 1]],
        [["skip_connect", 0], ["sep_conv_3x3", 0]],
    ]


def test_nodes_without_edges_do_not_exist():
    normal = strengths(edge_1_2=[0, 0, 0.9], edge_1_1=[0, 0.9, 0])
    cell = genotype(AboveThreshold(), normal).cells["normal"]
    assert cell.to_lists() == [[], [["skip_connect", 1]]] and cell.outputs == (3,)


def test_a_cell_without_edges_keeps_its_strongest():
    reduce = strengths(edge_1_1=[0.8, 0.2, 0.3], edge_1_2=[0, 0.5, 0])
    cells = genotype(AboveThreshold(), WEAK, reduce).cells
    assert cells["reduce"].to_lists() == [[], [["sep_conv_3x3", 1]]]
    assert len(cells["normal"].edges) == 1


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, ["skip_connect", "skip_connect", "skip_connect", "sep_conv_3x3"]),
        (1, ["skip_connect", "sep_conv_3x3", "sep_conv_3x3", "sep_conv_3x3"]),
        (0, ["sep_conv_3x3"] * 4),
    ],
)
def test_the_weakest_skip_connections_go(most, expected):
    normal = strengths(
        edge_0_0=[0, 0.9, 0.3],
        edge_0_1=[0, 0.5, 0.4],
        edge_1_0=[0, 0.3, 0.2],
        edge_1_1=[0, 0.1, 0.25],
    )
    before = normal.copy()
    cell = genotype(FewSkips(most), normal).cells["normal"]
    assert sorted(e.primitive for e in cell.edges) == sorted(expected)
    np.testing.assert_array_equal(normal, before)


def test_a_space_of_nothing_but_skips_ends():
    space = convolutional_space(("skip_connect",), 1)
    strengths = {kind: np.ones([2, 1]) for kind in space.kinds}
    with pytest.raises(ValueError, match="at most 0"):
        FewSkips(0).genotype(space, strengths)
