"""The result of a recurrent search: one cell as plain, validated, immutable data."""

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Edge, check_outputs
from darts_tf.genotype.published_cells import PUBLISHED_RECURRENT_CELLS
from darts_tf.genotype.saved_genotype import SavedGenotype


@dataclasses.dataclass(frozen=True)
class RecurrentGenotype(SavedGenotype):
    """A recurrent cell, all that a search hands to an evaluation.

    State 0 is computed from the input and the previous hidden state; each node from
    one earlier state, by the activation on its edge (paper, section 3.1.2).

    Args:
        nodes: `nodes[j]` is the edge that makes state `j + 1`; its primitive is an
            activation such as `"tanh"`.
        mean: The states, all of them nodes, whose mean is the cell's output and next
            hidden state.

    Raises:
        ValueError: If a node reads a state that does not come before it, or if `mean`
            is empty, repeats a state or names one that is no node.

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
        for last, edge in enumerate(self.nodes):
            name = f"nodes[{last}]"
            if not isinstance(edge, Edge):
                raise invalid_value(name, "an `Edge`", edge)
            if edge.source > last:
                expected = f"a source from 0 to {last}, the states before it"
                raise invalid_value(name, expected, edge)
        check_outputs("mean", self.mean, 1, len(self.nodes))

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

    def __str__(self):
        lines = [f"node {state}: {edge}" for state, edge in enumerate(self.nodes, 1)]
        mean = f"mean: {', '.join(map(str, self.mean))}"
        return "\n".join(["recurrent cell", *lines, mean])

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
