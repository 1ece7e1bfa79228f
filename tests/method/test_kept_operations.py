"""The operations that a derived cell may keep, against enumeration and derivation."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.kept_operations import kept_operations, share_of_largest
from darts_tf.method.selections import AboveThreshold, StrongestPairs
from darts_tf.method.slots import Selection
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace

NAMES = ("none", "skip_connect", "max_pool_3x3", "sep_conv_3x3")
TWO = CellSpace("normal", 2, 3, NAMES)
SPACES = {
    "two edges": TWO,
    "one edge": CellSpace("recurrent", 1, 4, NAMES, 1, "mean"),
    "pairs": CellSpace("only", 2, 3, NAMES[1:], "pairs", outputs="unused"),
    "all edges": CellSpace("only", 1, 3, NAMES, "all", outputs=1, keeps_none=True),
    "operations of each edge": CellSpace(
        "normal",
        2,
        2,
        (NAMES[:2], NAMES[1:3], NAMES[::3], NAMES[2:], NAMES[1::2]),
    ),
}
THRESHOLDS = {
    "one above a threshold": AboveThreshold(0.8, 1),
    "two above a threshold": AboveThreshold(0.8, 2),
    "a high threshold": AboveThreshold(0.97, 1),
    "nothing so strong": AboveThreshold(1.0, 2),
}


def indicators(space, cell):
    """How often each operation stands on each edge of a cell."""
    found = np.zeros(space.alpha_shape)
    for node, edges in enumerate(cell.nodes):
        for edge in edges:
            row = space.row(node, edge.source)
            found[row, space.operations_of(row).index(edge.primitive)] += 1
    return found


def check_limit(selection, space, seed):
    strengths = np.random.default_rng(seed).uniform(size=space.alpha_shape)
    genotype = selection.genotype(SearchSpace("toy", (space,)), {space.kind: strengths})
    kept = selection.kept(space, tf.constant(strengths), 1e-5)
    expected = indicators(space, genotype.cells[space.kind])
    np.testing.assert_allclose(kept, expected, atol=1e-9)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("seed", range(3))
def test_the_limit_is_the_derived_cell(space, seed):
    check_limit(Selection(), space, seed)


@pytest.mark.parametrize("seed", range(3))
def test_the_limit_of_pairs(seed):
    check_limit(StrongestPairs(), TWO, seed)


@pytest.mark.parametrize("selection", THRESHOLDS.values(), ids=THRESHOLDS)
@pytest.mark.parametrize("seed", range(4))
def test_the_limit_of_thresholds(selection, seed):
    """Nodes get lost on the way, and all of them at a threshold of 1."""
    check_limit(selection, TWO, seed)


def test_a_node_chooses_between_pairs_of_edges():
    strengths = np.random.default_rng(1).uniform(size=TWO.alpha_shape)
    temperature = 0.3
    kept = kept_operations(TWO, tf.constant(strengths), temperature).numpy()
    own = strengths[5:9, 1:]  # the edges of the last node, without `none`
    pairs = [*itertools.combinations(range(4), 2)]
    weights = [np.exp((own[i].max() + own[j].max()) / temperature) for i, j in pairs]
    for edge in range(4):
        with_edge = sum(w for w, pair in zip(weights, pairs) if edge in pair)
        shares = np.exp(own[edge] / temperature)
        expected = with_edge / sum(weights) * shares / shares.sum()
        np.testing.assert_allclose(kept[5 + edge, 1:], expected, rtol=1e-12)
    assert np.all(kept[:, 0] == 0)
    np.testing.assert_allclose(kept.sum(), 6)


def test_both_of_a_pair_may_be_from_one_source():
    space = SPACES["pairs"]
    strengths = np.random.default_rng(2).uniform(size=space.alpha_shape)
    kept = kept_operations(space, tf.constant(strengths), 0.2).numpy()
    own = np.exp(strengths[:2].reshape(-1) / 0.2)
    pairs = [*itertools.combinations(range(6), 2)]
    total = sum(own[i] * own[j] for i, j in pairs)
    expected = [sum(own[i] * own[j] for i, j in pairs if x in (i, j)) for x in range(6)]
    np.testing.assert_allclose(kept[:2].reshape(-1), np.array(expected) / total)


def test_shares_of_large_numbers_are_finite():
    shares = share_of_largest(tf.constant([1e6, 0.0, -1e6, 5.0], tf.float64), 2)
    np.testing.assert_allclose(
        shares, [1, 1 / (1 + np.exp(5)), 0, 1 / (1 + np.exp(-5))]
    )
