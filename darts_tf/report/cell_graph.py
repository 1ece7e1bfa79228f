"""Cells of all kinds as one kind of graph, which is what gets drawn."""

from collections.abc import Hashable
from typing import NamedTuple

from darts_tf.genotype.cell import Cell

OUTPUT = "output"
RECURRENT = "recurrent"
_OUTPUT_RULES = {"concat": "concatenation", "mean": "mean"}


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


def state_names(kind: str, num_inputs: int, num_nodes: int) -> list[str]:
    """Returns what a drawing calls the states of a cell, inputs first.

    The inputs of a convolutional cell have names of their own, and its nodes are
    counted from 0. In a recurrent cell state 0 is made of input and hidden state.

    Args:
        kind: Kind of the cell.
        num_inputs, num_nodes: Numbers of its states.
    """
    if kind == RECURRENT:
        return [str(state) for state in range(num_inputs + num_nodes)]
    inputs = [f"$c_{{k-{distance}}}$" for distance in range(num_inputs, 0, -1)]
    return [*inputs, *map(str, range(num_nodes))]


def cell_graph(cell: Cell, kind: str) -> CellGraph:
    """Returns a cell as a graph, whose vertices are its states.

    Those of a recurrent cell are also what its state 0 reads. A node without edges does
    not exist.

    Args:
        cell: The cell.
        kind: Its kind, `"recurrent"` or any other.
    """
    names = dict(enumerate(state_names(kind, cell.num_inputs, len(cell.nodes))))
    nodes = dict(enumerate(cell.nodes, start=cell.num_inputs))
    existing = frozenset(state for state, node in nodes.items() if node)
    before, output, inputs = {}, "$c_{k}$", tuple(range(cell.num_inputs))
    if kind == RECURRENT:
        before, output = {"x": "$x_{t}$", "h": "$h_{t-1}$"}, "$h_{t}$"
        inputs = tuple(before)
    drawn = {s: name for s, name in names.items() if s not in nodes or s in existing}
    return CellGraph(
        names={**before, **drawn, OUTPUT: output},
        connections=(
            *(Connection(None, name, 0) for name in before),
            *(Connection(e.primitive, e.source, s) for s in nodes for e in nodes[s]),
            *(Connection(None, state, OUTPUT) for state in sorted(cell.outputs)),
        ),
        inputs=inputs,
        left_out=existing.difference(cell.outputs),
        output_rule=_OUTPUT_RULES[cell.output_rule],
    )
