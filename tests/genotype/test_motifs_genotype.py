import json

import pytest

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype, ImageGenotype, genotype_of
from darts_tf.genotype.motifs_genotype import MotifsGenotype

# Linear functions in place of operations: with them both forms are numbers.
OPERATIONS = {
    "identity": 1,
    "conv_1x1_relu": 2,
    "dep_conv_3x3_relu": 3,
    "sep_conv_3x3_relu": 5,
    "max_pool_3x3": 7,
    "avg_pool_3x3": 11,
    "none": 0,
}
PUBLISHED = MotifsGenotype.published("hierarchical")


def chain(*primitives):
    """A graph of one path."""
    nodes = [[(primitive, state)] for state, primitive in enumerate(primitives)]
    return Cell.from_lists(nodes, [len(nodes)], num_inputs=1)


def value(cell, factors, x=1):
    """What a graph makes of a number, by the factors of its operations."""
    states = [x]
    for node in cell.nodes:
        states.append(sum(factors[e.primitive] * states[e.source] for e in node))
    return states[-1]


SMALL = MotifsGenotype(
    (("a", chain("identity", "max_pool_3x3")), ("b", chain("none", "avg_pool_3x3"))),
    Cell.from_lists([[("a", 0)], [("b", 0), ("a", 1), ("none", 0)]], [2], num_inputs=1),
)


@pytest.mark.parametrize("genotype", [PUBLISHED, SMALL])
def test_the_flat_cell_is_the_graph_of_graphs(genotype):
    of_motifs = {name: value(motif, OPERATIONS) for name, motif in genotype.motifs}
    expected = value(genotype.cell, {**of_motifs, "none": 0})
    assert value(genotype.flat, OPERATIONS) == expected != 0


def test_edges_of_the_published_cell():
    """Node 1 of the paper is state 0 here."""
    motifs = dict(PUBLISHED.motifs)
    assert list(motifs) == [f"motif_{index}" for index in range(1, 6)]
    edges = [
        f"{edge.source + 1}{state + 1}{edge.primitive[-1]}"
        for state, node in enumerate(PUBLISHED.cell.nodes, start=1)
        for edge in node
    ]
    expected = "125 133 143 154 233 241 255 343 355 455"
    assert sorted(edges) == expected.split()
    third = [str(edge) for edge in motifs["motif_1"].nodes[2]]
    assert third == ["sep_conv_3x3_relu(0)", "conv_1x1_relu(1)", "max_pool_3x3(2)"]
    counts = [PUBLISHED.flat.count(name) for name in OPERATIONS]
    assert counts == [17, 2, 5, 27, 3, 6, 0] and len(PUBLISHED.flat.nodes) == 24


def test_small_flat_cell():
    assert SMALL.flat.to_lists() == [
        [["identity", 0]],
        [["max_pool_3x3", 1]],
        [["none", 0]],
        [["identity", 2]],
        [["avg_pool_3x3", 3], ["max_pool_3x3", 4], ["none", 0]],
    ]
    assert SMALL.flat.outputs == (5,)
    assert SMALL.primitives == {"identity", "max_pool_3x3", "avg_pool_3x3", "none"}


@pytest.mark.parametrize("genotype", [PUBLISHED, SMALL])
def test_files(genotype, tmp_path):
    path = tmp_path / "motifs.json"
    genotype.save(path)
    assert json.loads(path.read_text("utf-8"))["version"] == 1
    assert MotifsGenotype.load(path) == ImageGenotype.load(path) == genotype
    assert genotype_of(genotype.cells) == genotype
    # A format of its own: what reads cells does not take it for some.
    with pytest.raises(ValueError, match=r"darts_tf\.cells_genotype"):
        CellsGenotype.from_json(genotype.to_json())


def test_cells_of_no_motifs_are_no_motifs():
    cells = {"a": chain("identity"), "b": chain("a")}
    assert isinstance(genotype_of(cells), CellsGenotype)
    assert isinstance(genotype_of({"hierarchical": chain("identity")}), CellsGenotype)
    cells = {"a": chain("identity"), "hierarchical": chain("b")}
    assert isinstance(genotype_of(cells), CellsGenotype)


TWO_INPUTS = Cell.from_lists([[("identity", 0)]], [2])
NOT_THE_LAST = Cell.from_lists([[("identity", 0)]] * 2, [1], num_inputs=1)


@pytest.mark.parametrize(
    "motifs, cell, message",
    [
        ((), chain("none"), "`motifs`, expected pairs of distinct names"),
        ([("a", chain("none"))], chain("a"), "`motifs`, expected pairs"),
        ((("a", chain("none")),) * 2, chain("a"), "`motifs`, expected pairs"),
        ((("a", TWO_INPUTS),), chain("a"), "`a`, expected a `Cell` of one input"),
        ((("a", NOT_THE_LAST),), chain("a"), "`a`, expected a `Cell` of one input"),
        ((("a", chain("none")),), TWO_INPUTS, "`cell`, expected a `Cell` of one"),
        ((("a", chain("none")),), chain("b"), "`cell`, expected edges with motifs: a"),
        ((("a", chain("a")),), chain("a"), "`motifs`, expected edges with operations"),
        ((("none", chain("a")),), chain("none"), "`motifs`, expected other names"),
    ],
)
def test_invalid_arguments(motifs, cell, message):
    with pytest.raises(ValueError, match=message):
        MotifsGenotype(motifs, cell)


@pytest.mark.parametrize(
    "fields",
    [
        {"motifs": [], "cell": [[["a", 0]]]},
        {"motifs": {"a": 3}, "cell": [[["a", 0]]]},
        {"motifs": {"a": []}, "cell": [[["a", 0]]]},
        {"motifs": {"a": [[["identity", 1]]]}, "cell": [[["a", 0]]]},
        {"motifs": {"a": [[["identity", 0]]]}, "cell": "cell"},
        {"motifs": {"a": [[["identity", 0]]]}},
    ],
)
def test_damaged_files(fields):
    text = json.dumps({"format": MotifsGenotype.FORMAT, "version": 1, **fields})
    with pytest.raises(ValueError, match=r"Received an invalid value|In the cell"):
        ImageGenotype.from_json(text)
