"""The derivation of discrete cells from strengths of operations."""

import json

import numpy as np
import pytest

from darts_tf.genotype.cell import Cell
from darts_tf.method.relaxations import softmax
from darts_tf.space import topology
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.derivation import derive_cell
from darts_tf.space.search_space import convolutional_space, recurrent_space

PRIMITIVES = (
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)
ACTIVATIONS = ("none", "tanh", "relu", "sigmoid", "identity")


def test_golden_convolutional_genotypes(golden_folder):
    cases = json.loads((golden_folder / "conv_derive.json").read_text())
    assert len(cases) == 24
    for case in cases:
        strengths = {k: softmax(case[f"alphas_{k}"]) for k in ("normal", "reduce")}
        genotype = convolutional_space(PRIMITIVES).derive(strengths)
        for kind in ("normal", "reduce"):
            cell = getattr(genotype, kind)
            edges = [[e.primitive, e.source] for node in cell.nodes for e in node]
            assert edges == case["genotype"][kind]
            assert list(cell.outputs) == case["genotype"][f"{kind}_concat"]


def test_golden_recurrent_genotypes(golden_folder):
    cases = json.loads((golden_folder / "rnn_derive.json").read_text())
    assert len(cases) == 24
    for case in cases:
        strengths = {"recurrent": softmax(case["alphas"])}
        genotype = recurrent_space(ACTIVATIONS).derive(strengths)
        edges = [[edge.primitive, edge.source] for edge in genotype.nodes]
        assert edges == case["genotype"]["recurrent"]
        assert list(genotype.mean) == case["genotype"]["concat"]


@pytest.mark.parametrize("num_nodes", [1, 2, 5, 12])
@pytest.mark.parametrize("activations", [("tanh",), ("sine", "none", "relu")])
def test_recurrent_cell_of_any_size(num_nodes, activations):
    space = recurrent_space(activations, num_nodes)
    alpha = np.zeros(space.of("recurrent").alpha_shape)
    for node in range(num_nodes):
        source = node // 2
        alpha[space.of("recurrent").row(node, source), -1] = 1
    genotype = space.derive({"recurrent": softmax(alpha)})
    # With a single activation every coefficient is 1, and the first edge wins.
    sources = [node // 2 * (len(activations) > 1) for node in range(num_nodes)]
    assert [edge.source for edge in genotype.nodes] == sources
    assert {edge.primitive for edge in genotype.nodes} == {activations[-1]}
    assert genotype.mean == tuple(range(1, num_nodes + 1))


def test_recurrent_strengths_have_rows_of_one_input():
    with pytest.raises(ValueError, match=r"expected shape \(6, 5\), .*shape \(5, 5\)"):
        recurrent_space(ACTIVATIONS, 3).derive({"recurrent": np.zeros((5, 5))})


def test_rows_are_numbered_node_by_node():
    rows = [topology.edge_index(n, s) for n in range(4) for s in range(n + 2)]
    assert rows == list(range(topology.num_edges(4))) == list(range(14))
    rows = [topology.edge_index(n, s, 1) for n in range(8) for s in range(n + 1)]
    assert rows == list(range(topology.num_edges(8, num_inputs=1))) == list(range(36))


@pytest.mark.parametrize(("node", "source"), [(0, 2), (3, 5), (0, -1), (-1, 0)])
def test_edge_that_does_not_exist_is_refused(node, source):
    with pytest.raises(ValueError, match="Received an invalid edge"):
        topology.edge_index(node, source)


def _derive(strengths, operations, edges_per_node=2, num_nodes=1):
    space = CellSpace("normal", 2, num_nodes, operations, edges_per_node)
    return derive_cell(space, strengths)


def test_ties_go_to_the_lower_index():
    names = ("none", "a", "b")
    assert _derive(np.zeros((5, 3)), names, num_nodes=2) == Cell.from_lists(
        [[("a", 0), ("a", 1)], [("a", 0), ("a", 1)]], outputs=[2, 3]
    )
    tied_above_the_first = [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 1], [0, 1, 1]]
    cell = _derive(np.array(tied_above_the_first), names, num_nodes=2)
    assert cell == Cell.from_lists(
        [[("a", 0), ("a", 1)], [("a", 1), ("a", 2)]], outputs=[2, 3]
    )


def test_none_is_never_derived_but_weakens_its_edge():
    names = ("a", "none", "b")
    alpha = np.array([[0, 9, 1], [0, 0, 1]])
    cell = _derive(softmax(alpha), names)
    assert cell == Cell.from_lists([[("b", 1), ("b", 0)]], outputs=[2])


def test_primitives_without_none():
    cell = _derive(np.array([[0, 3], [2, 1]]), ("a", "b"))
    assert cell == Cell.from_lists([[("b", 0), ("a", 1)]], outputs=[2])


@pytest.mark.parametrize(
    ("edges_per_node", "sizes"), [(1, [1, 1, 1]), (2, [2, 2, 2]), (3, [2, 3, 3])]
)
def test_edges_per_node(edges_per_node, sizes):
    strengths = np.random.default_rng(0).normal(size=(9, len(PRIMITIVES)))
    cell = _derive(strengths, PRIMITIVES, edges_per_node, num_nodes=3)
    assert [len(node) for node in cell.nodes] == sizes
    assert cell.outputs == (2, 3, 4)


@pytest.mark.parametrize(
    ("strengths", "message"),
    [
        (np.zeros((2, 3)), r"shape \(2, 8\), .*Received: shape \(2, 3\)"),
        (np.zeros(8), r"shape \(2, 8\)"),
        (np.zeros((3, 8)), r"a row for each edge .*Received: shape \(3, 8\)"),
        (np.zeros((0, 8)), r"Received: shape \(0, 8\)"),
        (np.full((2, 8), np.nan), r"finite numbers. Received: strengths\[0, 0\]=nan"),
        (np.full((2, 8), np.inf), r"finite numbers. Received: strengths\[0, 0\]=inf"),
        ([["a"] * 8] * 2, "`strengths`, expected an array"),
        ([[1], [1, 2]], "`strengths`, expected an array"),
    ],
)
def test_malformed_strengths_are_refused(strengths, message):
    with pytest.raises(ValueError, match=message):
        _derive(strengths, PRIMITIVES)


@pytest.mark.parametrize("primitives", [(), ("none",), ("a", "a"), ("none", "none")])
def test_malformed_primitives_are_refused(primitives):
    with pytest.raises(ValueError, match="`operations`, expected distinct names"):
        convolutional_space(primitives)


@pytest.mark.parametrize("edges_per_node", [0, -1, True, 2.0, "2"])
def test_malformed_edges_per_node_is_refused(edges_per_node):
    with pytest.raises(
        ValueError, match="`edges_per_node`, expected an integer from 1"
    ):
        CellSpace("normal", 2, 4, PRIMITIVES, edges_per_node)
