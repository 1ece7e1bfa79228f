"""The result of a search: two cells as plain, validated, immutable data.

A recurrent search has one cell of another kind, see `recurrent_genotype`.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.published_cells import PUBLISHED_CELLS
from darts_tf.genotype.saved_genotype import BEST_GENOTYPE_FILE as BEST_GENOTYPE_FILE
from darts_tf.genotype.saved_genotype import MAX_JSON_LENGTH as MAX_JSON_LENGTH
from darts_tf.genotype.saved_genotype import SavedGenotype, require_keys


@dataclasses.dataclass(frozen=True)
class Genotype(SavedGenotype):
    """A normal and a reduction cell, all that a search hands to an evaluation.

    Args:
        normal: The `Cell` that keeps height and width.
        reduce: The `Cell` whose edges from states 0 and 1 have stride 2.

    Raises:
        ValueError: If either is not a `Cell`.

    Example:

    >>> genotype = Genotype.published("DARTS_V2")
    >>> genotype.save("cell.json")
    >>> Genotype.load("cell.json") == genotype
    True
    """

    FORMAT = "darts_tf.genotype"
    FIELDS = ("normal", "reduce")

    normal: Cell
    reduce: Cell

    def __post_init__(self):
        for name in ("normal", "reduce"):
            if not isinstance(getattr(self, name), Cell):
                raise invalid_value(name, "a `Cell`", getattr(self, name))

    def __str__(self):
        return f"normal cell\n{self.normal}\nreduction cell\n{self.reduce}"

    def to_fields(self) -> dict:
        fields = {}
        for name in self.FIELDS:
            cell = getattr(self, name)
            nodes = [[[edge.primitive, edge.source] for edge in n] for n in cell.nodes]
            fields[name] = {"nodes": nodes, "concat": list(cell.concat)}
        return fields

    @classmethod
    def from_fields(cls, fields: Mapping) -> "Genotype":
        return cls(**{name: _cell_from_json(name, fields[name]) for name in fields})

    @classmethod
    def published_by_name(cls) -> "Mapping[str, Genotype]":
        return PUBLISHED


def _cell_from_json(name, fields):
    require_keys(name, fields, ("nodes", "concat"))
    try:
        return Cell.from_lists(fields["nodes"], fields["concat"])
    except ValueError as error:
        raise ValueError(f"In the cell `{name}`: {error}") from error


PUBLISHED: Mapping[str, Genotype] = MappingProxyType(
    {
        name: Genotype(
            **{kind: Cell.from_lists(**cell) for kind, cell in cells.items()}
        )
        for name, cells in PUBLISHED_CELLS.items()
    }
)
