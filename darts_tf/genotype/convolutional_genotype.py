"""The result of a search: two cells as plain, validated, immutable data.

A recurrent search has one cell of another kind, see `recurrent_genotype`.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.json_text import require_keys
from darts_tf.genotype.original_cells import ORIGINAL_CELLS
from darts_tf.genotype.published_cells import PUBLISHED_CELLS
from darts_tf.genotype.saved_genotype import SavedGenotype, cell_from


@dataclasses.dataclass(frozen=True)
class Genotype(SavedGenotype):
    """A normal and a reduction cell, all that a search hands to an evaluation.

    Args:
        normal: The `Cell` that keeps height and width.
        reduce: The `Cell` whose edges from states 0 and 1 have stride 2.

    Raises:
        ValueError: If either is not a `Cell` of two inputs that concatenates its
            outputs.

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
        for name, cell in self.cells.items():
            if not isinstance(cell, Cell):
                raise invalid_value(name, "a `Cell`", cell)
            if not _has_its_form(cell):
                expected = "a `Cell` of two inputs that concatenates its outputs"
                raise invalid_value(name, expected, cell)

    @property
    def cells(self) -> dict[str, Cell]:
        return {"normal": self.normal, "reduce": self.reduce}

    @classmethod
    def holds(cls, cells: Mapping[str, Cell]) -> bool:
        return tuple(cells) == cls.FIELDS and all(map(_has_its_form, cells.values()))

    @classmethod
    def from_cells(cls, cells: Mapping[str, Cell]) -> "Genotype":
        return cls(**cells)

    def to_fields(self) -> dict:
        return {
            name: {"nodes": cell.to_lists(), "concat": list(cell.outputs)}
            for name, cell in self.cells.items()
        }

    @classmethod
    def from_fields(cls, fields: Mapping) -> "Genotype":
        return cls(**{name: _cell_from_json(name, fields[name]) for name in fields})

    @classmethod
    def published_by_name(cls) -> "Mapping[str, Genotype]":
        return PUBLISHED


def _has_its_form(cell):
    return (cell.num_inputs, cell.output_rule) == (2, "concat")


def _cell_from_json(name, fields):
    require_keys(name, fields, ("nodes", "concat"))
    return cell_from(name, fields["nodes"], "concat", fields["concat"])


PUBLISHED: Mapping[str, Genotype] = MappingProxyType(
    {
        name: Genotype(
            **{
                kind: Cell.from_lists(cell["nodes"], cell["concat"])
                for kind, cell in cells.items()
            }
        )
        for name, cells in (PUBLISHED_CELLS | ORIGINAL_CELLS).items()
        if tuple(cells) == Genotype.FIELDS
    }
)
