"""The result of a recurrent search: one cell as plain, validated, immutable data."""

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.published_cells import PUBLISHED_RECURRENT_CELLS
from darts_tf.genotype.saved_genotype import SavedGenotype, cell_from


@dataclasses.dataclass(frozen=True)
class RecurrentGenotype(SavedGenotype):
    """A recurrent cell, all that a search hands to an evaluation.

    State 0 is computed from the input and the previous hidden state; each node from
    one earlier state, by the activation on its edge (paper, section 3.1.2).

    Args:
        nodes: `nodes[j]` is the edge that makes state `j + 1`; its primitive is an
            activation such as `"tanh"`.
        mean: The states whose mean is the cell's output and next hidden state.

    Raises:
        ValueError: If a node reads a state that does not come before it, or if `mean`
            is empty, repeats a state or names one that does not exist.

    Example:

    >>> genotype = RecurrentGenotype.published("DARTS_V2")
    >>> genotype.save("cell.json")
    >>> RecurrentGenotype.load("cell.json") == genotype
    True
    """

    FORMAT = "darts_tf.recurrent_genotype"
    FIELDS = ("nodes", "mean")

    nodes: tuple[Edge, ...]
    mean: tuple[int, ...]

    def __post_init__(self):
        if not isinstance(self.nodes, tuple) or not self.nodes:
            raise invalid_value("nodes", "a tuple of one or more `Edge`", self.nodes)
        for index, edge in enumerate(self.nodes):
            if not isinstance(edge, Edge):
                raise invalid_value(f"nodes[{index}]", "an `Edge`", edge)
        if not isinstance(self.mean, tuple):
            raise invalid_value("mean", "a tuple of states", self.mean)
        # The cell validates itself: sources come before their nodes, outputs exist.
        nodes = [[(edge.primitive, edge.source)] for edge in self.nodes]
        cell_from("recurrent", nodes, "mean", self.mean, 1, "mean")

    @property
    def cells(self) -> dict[str, Cell]:
        nodes = tuple((edge,) for edge in self.nodes)
        return {"recurrent": Cell(nodes, self.mean, 1, "mean")}

    @classmethod
    def holds(cls, cells: Mapping[str, Cell]) -> bool:
        return tuple(cells) == ("recurrent",) and all(
            (cell.num_inputs, cell.output_rule) == (1, "mean")
            and all(len(node) == 1 for node in cell.nodes)
            for cell in cells.values()
        )

    @classmethod
    def from_cells(cls, cells: Mapping[str, Cell]) -> "RecurrentGenotype":
        (cell,) = cells.values()
        return cls(cell.edges, cell.outputs)

    @classmethod
    def from_lists(cls, nodes: Iterable, mean: Iterable[int]) -> "RecurrentGenotype":
        """Builds a genotype from `(activation, source)` pairs, in any kind of sequence.

        Args:
            nodes: A sequence of `(activation, source)`, one for each node.
            mean: The states whose mean is the output.

        Returns:
            The `RecurrentGenotype`.

        Raises:
            ValueError: As the constructor, and if the nesting is another one.
        """
        try:
            edges = tuple(Edge(*edge) for edge in nodes)
        except TypeError as error:
            expected = "a list of [activation, source] pairs"
            raise invalid_value("nodes", expected, nodes) from error
        if not isinstance(mean, Iterable):
            raise invalid_value("mean", "a list of states", mean)
        return cls(edges, tuple(mean))

    def to_fields(self) -> dict:
        nodes = [[edge.primitive, edge.source] for edge in self.nodes]
        return {"nodes": nodes, "mean": list(self.mean)}

    @classmethod
    def from_fields(cls, fields: Mapping) -> "RecurrentGenotype":
        return cls.from_lists(**fields)

    @classmethod
    def published_by_name(cls) -> "Mapping[str, RecurrentGenotype]":
        return PUBLISHED_RECURRENT


PUBLISHED_RECURRENT: Mapping[str, RecurrentGenotype] = MappingProxyType(
    {
        name: RecurrentGenotype.from_lists(**cell)
        for name, cell in PUBLISHED_RECURRENT_CELLS.items()
    }
)
