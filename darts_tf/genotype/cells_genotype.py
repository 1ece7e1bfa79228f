"""The result of a search whose cells are of other kinds than DARTS has."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.json_text import parse_json, require_keys
from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.genotype.original_cells import ORIGINAL_CELLS
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype, cell_from

_KEYS = ("num_inputs", "nodes", "output_rule", "outputs")


@dataclasses.dataclass(frozen=True)
class CellsGenotype(SavedGenotype):
    """Cells of any kinds, for instance a single one for the whole network.

    Args:
        named_cells: Pairs of the kind of a cell and the `Cell`.

    Raises:
        ValueError: If there is no cell, or a kind is no name or stands there twice.

    Example:

    >>> cell = Cell.from_lists([[("skip_connect", 0)]], [1], num_inputs=1)
    >>> CellsGenotype((("only", cell),)).cells["only"] == cell
    True
    """

    FORMAT = "darts_tf.cells_genotype"
    FIELDS = ("cells",)

    named_cells: tuple[tuple[str, Cell], ...]

    def __post_init__(self):
        pairs = self.named_cells
        if (
            not isinstance(pairs, tuple)
            or not pairs
            or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs)
            or not all(isinstance(kind, str) and kind for kind, _ in pairs)
            or not all(isinstance(cell, Cell) for _, cell in pairs)
            or len(dict(pairs)) < len(pairs)
        ):
            expected = "pairs of distinct names and a `Cell`, at least one, in a tuple"
            raise invalid_value("named_cells", expected, pairs)

    @property
    def cells(self) -> dict[str, Cell]:
        return dict(self.named_cells)

    @classmethod
    def holds(cls, cells: Mapping[str, Cell]) -> bool:
        return bool(cells)

    @classmethod
    def from_cells(cls, cells: Mapping[str, Cell]) -> "CellsGenotype":
        return cls(tuple(cells.items()))

    def to_fields(self) -> dict:
        cells = {
            kind: {
                "num_inputs": cell.num_inputs,
                "nodes": cell.to_lists(),
                "output_rule": cell.output_rule,
                "outputs": list(cell.outputs),
            }
            for kind, cell in self.named_cells
        }
        return {"cells": cells}

    @classmethod
    def from_fields(cls, fields: Mapping) -> "CellsGenotype":
        cells = fields["cells"]
        if not isinstance(cells, dict):
            raise invalid_value("cells", "a JSON object of cells by kind", cells)
        return cls(tuple((kind, _cell(kind, cells[kind])) for kind in cells))

    @classmethod
    def published_by_name(cls) -> "Mapping[str, CellsGenotype]":
        return PUBLISHED_OF_OTHER_KINDS


def _cell(kind, fields):
    require_keys(kind, fields, _KEYS)
    num_inputs, nodes, output_rule, outputs = (fields[key] for key in _KEYS)
    return cell_from(kind, nodes, "outputs", outputs, num_inputs, output_rule)


PUBLISHED_OF_OTHER_KINDS: Mapping[str, CellsGenotype] = MappingProxyType(
    {
        name: CellsGenotype.from_cells(
            {k: Cell.from_lists(x["nodes"], x["concat"]) for k, x in cells.items()}
        )
        for name, cells in ORIGINAL_CELLS.items()
        if tuple(cells) != Genotype.FIELDS
    }
)


def genotype_of(cells: Mapping[str, Cell]) -> SavedGenotype:
    """Returns the genotype of cells, in the most particular class that holds them.

    Args:
        cells: The cells by their kind.

    Returns:
        A `Genotype` of normal and reduction cells, a `RecurrentGenotype` of a
        recurrent cell, a `MotifsGenotype` of motifs and a cell of them, or else a
        `CellsGenotype`.
    """
    classes = (Genotype, RecurrentGenotype, MotifsGenotype, CellsGenotype)
    return next(c for c in classes if c.holds(cells)).from_cells(cells)


class ImageGenotype(SavedGenotype):
    """Reads a genotype of convolutional cells, of DARTS' two kinds or of others.

    A text says by its format which it is, and a `Genotype`, a `CellsGenotype` or a
    `MotifsGenotype` is what comes.
    """

    FORMAT = Genotype.FORMAT

    @classmethod
    def from_json(cls, text: str) -> SavedGenotype:
        fields = parse_json(text)
        found = fields.get("format") if isinstance(fields, dict) else None
        others = (CellsGenotype, MotifsGenotype)
        return next((c for c in others if found == c.FORMAT), Genotype).from_json(text)

    @classmethod
    def published_by_name(cls) -> Mapping[str, SavedGenotype]:
        others = CellsGenotype.published_by_name()
        return MappingProxyType({**Genotype.published_by_name(), **others})
