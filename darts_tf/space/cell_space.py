"""The space of the cells of one kind, as data."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import OUTPUT_RULES, Cell, Edge
from darts_tf.space import topology
from darts_tf.space.topology import NONE

ALL, PAIRS, UNUSED = "all", "pairs", "unused"

# What stands in one place of a node: the source, and the position of the operation
# among those that the edge from it can have in the end.
Place = tuple[int, int]


@dataclasses.dataclass(frozen=True)
class CellSpace:
    """All cells of one kind that a search can choose from.

    During the search every state feeds every later node, and alpha has a row for each
    of these edges, node by node and source by source, and a column for each operation.

    Args:
        kind: Name of the kind of cell, for instance `"normal"`.
        num_inputs: Number of input states.
        num_nodes: Number of intermediate nodes.
        operations: Names in the order of alpha's columns: a tuple for all edges, or a
            tuple of such tuples, one for each edge and all of the same length. Where
            `none` is on some of the edges alone and may not stand in a cell, there is
            no choosing of cells but by their derivation.
        edges_per_node: What a node keeps. A number: so many edges from different
            states, or all if it has fewer. `"pairs"`: two pairs of operation and
            source, which may share the source. `"all"`: every edge.
        output_rule: `"concat"` or `"mean"`, see `Cell`.
        outputs: The output's states: `"all"` nodes; a number, the last nodes; or
            `"unused"`, the nodes that no other node reads.
        keeps_none: Whether `none` may stand in a cell. In DARTS it may not: it only
            weakens its edge (paper, section 2.4).

    Raises:
        ValueError: If an argument is malformed.

    Example:

    >>> space = CellSpace("only", 1, 3, ("none", "skip_connect"), "all", outputs=1)
    >>> space.alpha_shape
    (6, 2)
    """

    kind: str
    num_inputs: int
    num_nodes: int
    operations: tuple[str, ...] | tuple[tuple[str, ...], ...]
    edges_per_node: int | str = 2
    output_rule: str = "concat"
    outputs: int | str = ALL
    keeps_none: bool = False

    def __post_init__(self):
        if not isinstance(self.kind, str) or not self.kind:
            raise invalid_value("kind", "a name", self.kind)
        for name in ("num_inputs", "num_nodes"):
            if not _is_count(getattr(self, name)):
                raise invalid_value(name, "an integer from 1 up", getattr(self, name))
        if self.edges_per_node not in (ALL, PAIRS) and not _is_count(
            self.edges_per_node
        ):
            expected = f"an integer from 1 up, {PAIRS!r} or {ALL!r}"
            raise invalid_value("edges_per_node", expected, self.edges_per_node)
        if self.output_rule not in OUTPUT_RULES:
            expected = f"one of {', '.join(OUTPUT_RULES)}"
            raise invalid_value("output_rule", expected, self.output_rule)
        if self.outputs not in (ALL, UNUSED) and not (
            _is_count(self.outputs) and self.outputs <= self.num_nodes
        ):
            expected = f"{ALL!r}, {UNUSED!r} or an integer from 1 to {self.num_nodes}"
            raise invalid_value("outputs", expected, self.outputs)
        self._check_operations()

    def _check_operations(self):
        if not isinstance(self.operations, tuple) or not self.operations:
            expected = "distinct names, at least one, in a tuple"
            raise invalid_value("operations", expected, self.operations)
        rows = (self.operations,) if self._is_uniform else self.operations
        complete = self._is_uniform or len(rows) == self.num_edges
        if not complete or len({len(row) for row in rows}) > 1:
            expected = (
                f"a tuple of names for all edges, or one for each of {self.num_edges} "
                "edges, all of the same length"
            )
            raise invalid_value("operations", expected, self.operations)
        for row in rows:
            if not isinstance(row, tuple) or len(set(row)) != len(row):
                raise invalid_value("operations", "distinct names in a tuple", row)
            for name in row:
                Edge(name, 0)
            if not self.keeps_none and not set(row) - {NONE}:
                expected = "distinct names, at least one of them other than 'none'"
                raise invalid_value("operations", expected, row)

    def to_dict(self) -> dict[str, Any]:
        """Returns what `from_dict` takes, of numbers, strings and lists alone."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "CellSpace":
        """Makes the space of what `to_dict` returned, or JSON made of that.

        Raises:
            ValueError: If it is malformed.
        """
        try:
            operations = tuple(
                names if isinstance(names, str) else tuple(names)
                for names in content["operations"]
            )
            return cls(**{**content, "operations": operations})
        except (KeyError, TypeError) as error:
            raise invalid_value("content", "that of a `CellSpace`", content) from error

    @property
    def num_edges(self) -> int:
        """Number of edges before the derivation, the rows of alpha."""
        return topology.num_edges(self.num_nodes, self.num_inputs)

    @property
    def edges(self) -> list[tuple[int, int]]:
        """The `(node, source)` of each row of alpha, nodes counted from 0."""
        nodes = range(self.num_nodes)
        return [(node, source) for node in nodes for source in self.sources(node)]

    def sources(self, node: int) -> range:
        """Returns the states that come before a node, counted from 0."""
        return range(node + self.num_inputs)

    def row(self, node: int, source: int) -> int:
        """Returns the row of alpha of an edge; raises a `ValueError` if it has none."""
        return topology.edge_index(node, source, self.num_inputs)

    @property
    def _is_uniform(self):
        return isinstance(self.operations[0], str)

    def operations_of(self, row: int) -> tuple[str, ...]:
        """Returns the operations of a row of alpha, in the order of its columns."""
        return self.operations if self._is_uniform else self.operations[row]

    @property
    def common_operations(self) -> tuple[str, ...] | None:
        """Names of alpha's columns, or `None` where they differ from edge to edge."""
        if self._is_uniform or len(set(self.operations)) == 1:
            return self.operations_of(0)
        return None

    @property
    def all_operations(self) -> tuple[str, ...]:
        """The operations of any edge, each once, in the order of their first one."""
        rows = (self.operations,) if self._is_uniform else self.operations
        return tuple(dict.fromkeys(name for row in rows for name in row))

    @property
    def alpha_shape(self) -> tuple[int, int]:
        """Shape of alpha, `(edges, operations)`."""
        return (self.num_edges, len(self.operations_of(0)))

    def candidates(self, node: int, source: int) -> tuple[str, ...]:
        """Returns the operations that an edge can have in a cell, in alpha's order."""
        names = self.operations_of(self.row(node, source))
        return tuple(name for name in names if self.keeps_none or name != NONE)

    def num_places(self, node: int) -> int:
        """Returns how many edges a node of a cell has."""
        if self.edges_per_node == PAIRS:
            return 2
        most = len(self.sources(node))
        return most if self.edges_per_node == ALL else min(self.edges_per_node, most)

    def cell_of(self, places: Sequence[Sequence[Place]]) -> Cell:
        """Builds the cell with these sources and operations, and the space's outputs.

        Args:
            places: The `Place`s of each node.
        """
        nodes = tuple(
            tuple(Edge(self.candidates(n, s)[p], int(s)) for s, p in node)
            for n, node in enumerate(places)
        )
        return Cell(nodes, self._outputs_of(nodes), self.num_inputs, self.output_rule)

    def places_of(self, cell: Cell) -> list[list[Place]]:
        """Returns what `cell_of` builds a cell of.

        Args:
            cell: The cell.

        Raises:
            ValueError: If the cell is none of this space.
        """
        if len(cell.nodes) == self.num_nodes:
            try:
                places = [
                    [(s, self.candidates(n, s).index(p)) for p, s in node]
                    for n, node in enumerate(cell.to_lists())
                ]
            except ValueError:
                # Without places the cell is refused below: it has an edge or an
                # operation that is none of the space.
                places = []
            fitting = all(self._are_places(n, x) for n, x in enumerate(places))
            if places and fitting and self.cell_of(places) == cell:
                return places
        expected = f"a {self.kind} cell of the space"
        raise invalid_value("cell", expected, str(cell).replace("\n", "; "))

    def _are_places(self, node, places):
        sources = [source for source, _ in places]
        if len(places) != self.num_places(node):
            return False
        if self.edges_per_node == ALL:
            return sources == list(self.sources(node))
        return self.edges_per_node == PAIRS or len(set(sources)) == len(sources)

    def _outputs_of(self, nodes):
        states = range(self.num_inputs, self.num_inputs + self.num_nodes)
        if self.outputs == UNUSED:
            used = {edge.source for node in nodes for edge in node}
            return tuple(state for state in states if state not in used)
        return tuple(states if self.outputs == ALL else states[-self.outputs :])


def _is_count(value):
    return type(value) is int and value > 0
