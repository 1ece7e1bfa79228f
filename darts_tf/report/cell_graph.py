"""Cells of either kind as one kind of graph, which is what gets drawn."""

from collections.abc import Hashable
from typing import NamedTuple

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype

OUTPUT = "output"
INPUT_NAMES = ("$c_{k-2}$", "$c_{k-1}$")


class Connection(NamedTuple):
    """A connection from one vertex to another.

    Attributes:
        primitive: Name of the primitive or activation on it, or `None`.
        source, target: The vertices.
    """

    primitive: str | None
    source: Hashable
    target: Hashable


class CellGraph(NamedTuple):
    """A cell as a graph.

    Attributes:
        names: Text of each vertex, every vertex after those that it reads; the output
            has the key `OUTPUT`.
        connections: A `Connection` for each edge and each state that the output reads.
        inputs: The vertices that come from outside.
        left_out: The nodes that the output does not read.
        output_rule: How the output is made of what it reads, one word.
    """

    names: dict[Hashable, str]
    connections: tuple[Connection, ...]
    inputs: tuple[Hashable, ...]
    left_out: frozenset[Hashable]
    output_rule: str


def convolutional_graph(cell: Cell) -> CellGraph:
    """Returns a convolutional cell as a graph, whose vertices are the states."""
    inputs = range(len(INPUT_NAMES))
    nodes = range(len(inputs), len(inputs) + len(cell.nodes))
    names = dict(enumerate(INPUT_NAMES)) | {s: str(s - len(inputs)) for s in nodes}
    edges = [
        Connection(edge.primitive, edge.source, state)
        for state, node in zip(nodes, cell.nodes)
        for edge in node
    ]
    return CellGraph(
        names={**names, OUTPUT: "$c_{k}$"},
        connections=(*edges, *_to_output(cell.outputs)),
        inputs=tuple(inputs),
        left_out=frozenset(nodes).difference(cell.outputs),
        output_rule="concatenation",
    )


def recurrent_graph(genotype: RecurrentGenotype) -> CellGraph:
    """Returns a recurrent cell as a graph: its states, what state 0 reads, the output.

    Args:
        genotype: The `RecurrentGenotype`.
    """
    names = {"x": "$x_{t}$", "h": "$h_{t-1}$"}
    nodes = range(1, len(genotype.nodes) + 1)
    edges = [
        Connection(edge.primitive, edge.source, state)
        for state, edge in zip(nodes, genotype.nodes)
    ]
    return CellGraph(
        names={**names, 0: "0", **{s: str(s) for s in nodes}, OUTPUT: "$h_{t}$"},
        connections=(
            *(Connection(None, name, 0) for name in names),
            *edges,
            *_to_output(genotype.mean),
        ),
        inputs=tuple(names),
        left_out=frozenset(nodes).difference(genotype.mean),
        output_rule="mean",
    )


def _to_output(states):
    return (Connection(None, state, OUTPUT) for state in sorted(states))
