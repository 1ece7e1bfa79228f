"""The result of a search of hierarchical evolution: graphs whose edges are graphs."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.published_motifs import PUBLISHED_MOTIFS
from darts_tf.genotype.saved_genotype import SavedGenotype, cell_from

# The kind of the cell whose edges are motifs.
TOP = "hierarchical"
_NONE = "none"


@dataclasses.dataclass(frozen=True)
class MotifsGenotype(SavedGenotype):
    """Motifs, and a cell on whose edges they stand (arXiv 1711.00436, section 2.2).

    The operations are level 1 of the hierarchy, the motifs, whose edges have them,
    level 2, and the cell is level 3. Each has one input, and its last node is its
    output. An edge may also have `none`.

    Args:
        motifs: Pairs of the name of a motif and the `Cell` that it is.
        cell: The `Cell` whose edges have names of motifs.

    Raises:
        ValueError: If there is no motif, two have one name, a cell has more than one
            input or another output than its last node, an edge of the cell has no
            motif, or one of a motif has another motif.

    Example:

    >>> genotype = MotifsGenotype.published("hierarchical")
    >>> len(genotype.cell.edges), len(genotype.flat.edges)
    (10, 60)
    """

    FORMAT = "darts_tf.motifs_genotype"
    FIELDS = ("motifs", "cell")

    motifs: tuple[tuple[str, Cell], ...]
    cell: Cell

    def __post_init__(self):
        pairs = self.motifs
        if (
            not isinstance(pairs, tuple)
            or not pairs
            or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs)
            or not all(isinstance(name, str) for name, _ in pairs)
            or len({name for name, _ in pairs}) < len(pairs)
        ):
            expected = "pairs of distinct names and a `Cell`, at least one, in a tuple"
            raise invalid_value("motifs", expected, pairs)
        for name, cell in (*pairs, ("cell", self.cell)):
            if not _has_its_form(cell):
                expected = "a `Cell` of one input whose output is its last node"
                raise invalid_value(name, expected, cell)
        names = {name for name, _ in pairs}
        if names & {TOP, _NONE}:
            raise invalid_value("motifs", f"other names than {TOP} and {_NONE}", pairs)
        of_cell = {edge.primitive for edge in self.cell.edges} - {_NONE}
        if not of_cell <= names:
            expected = f"edges with motifs: {', '.join(sorted(names))}"
            raise invalid_value("cell", expected, str(self.cell))
        of_motifs = {edge.primitive for _, motif in pairs for edge in motif.edges}
        if of_motifs & names:
            expected = "edges with operations, and no motifs"
            raise invalid_value("motifs", expected, ", ".join(sorted(of_motifs)))

    @property
    def cells(self) -> dict[str, Cell]:
        return {**dict(self.motifs), TOP: self.cell}

    @property
    def primitives(self) -> frozenset[str]:
        return frozenset(edge.primitive for _, m in self.motifs for edge in m.edges)

    @property
    def flat(self) -> Cell:
        """The cell with operations on its edges, where a node is the sum of them.

        Each edge is replaced by the inner nodes of its motif, and the edges to the
        motif's output go to the node itself, of whose sum they are terms.
        """
        motifs, states, nodes = dict(self.motifs), [0], []
        for node in self.cell.nodes:
            into = []
            for edge in node:
                if edge.primitive == _NONE:
                    into.append(Edge(_NONE, states[edge.source]))
                    continue
                inner = [states[edge.source]]
                *before, last = (
                    [(e.primitive, e.source) for e in n]
                    for n in motifs[edge.primitive].nodes
                )
                for of_node in before:
                    nodes.append(tuple(Edge(name, inner[s]) for name, s in of_node))
                    inner.append(len(nodes))
                into += [Edge(name, inner[source]) for name, source in last]
            nodes.append(tuple(into))
            states.append(len(nodes))
        return Cell(tuple(nodes), (len(nodes),), 1)

    @classmethod
    def holds(cls, cells: Mapping[str, Cell]) -> bool:
        if len(cells) < 2 or tuple(cells)[-1] != TOP:
            return False
        try:
            cls.from_cells(cells)
        except ValueError:
            return False
        return True

    @classmethod
    def from_cells(cls, cells: Mapping[str, Cell]) -> "MotifsGenotype":
        *motifs, (_, cell) = cells.items()
        return cls(tuple(motifs), cell)

    def to_fields(self) -> dict:
        motifs = {name: cell.to_lists() for name, cell in self.motifs}
        return {"motifs": motifs, "cell": self.cell.to_lists()}

    @classmethod
    def from_fields(cls, fields: Mapping) -> "MotifsGenotype":
        motifs = fields["motifs"]
        if not isinstance(motifs, dict):
            raise invalid_value("motifs", "a JSON object of motifs by name", motifs)
        pairs = ((name, _graph(name, nodes)) for name, nodes in motifs.items())
        return cls(tuple(pairs), _graph("cell", fields["cell"]))

    @classmethod
    def published_by_name(cls) -> "Mapping[str, MotifsGenotype]":
        return PUBLISHED_GENOTYPES_OF_MOTIFS


def _has_its_form(cell):
    if not isinstance(cell, Cell):
        return False
    return (cell.num_inputs, cell.outputs) == (1, (len(cell.nodes),))


def _graph(name, nodes):
    if not isinstance(nodes, list):
        raise invalid_value(name, "a list of nodes", nodes)
    return cell_from(name, nodes, "last node", [len(nodes)], 1)


PUBLISHED_GENOTYPES_OF_MOTIFS: Mapping[str, MotifsGenotype] = MappingProxyType(
    {
        name: MotifsGenotype.from_fields(fields)
        for name, fields in PUBLISHED_MOTIFS.items()
    }
)
