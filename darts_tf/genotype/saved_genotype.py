"""Genotypes as JSON, files and published names, whichever cells they hold."""

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError, invalid_value, shortened
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.genotype_of_run import genotype_in
from darts_tf.genotype.json_text import MAX_JSON_LENGTH, parse_json, require_keys
from darts_tf.run_layout import BEST_GENOTYPE_FILE

JSON_VERSION = 1

CELL_NAMES = {
    "normal": "normal cell",
    "reduce": "reduction cell",
    "recurrent": "recurrent cell",
}


class SavedGenotype:
    """What all genotypes share.

    Attributes:
        FORMAT: What the JSON says that it is.
        FIELDS: The keys of the JSON beside its format and version.
    """

    FORMAT: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]]

    @property
    def cells(self) -> Mapping[str, Cell]:
        """The cells by their kind, for instance `"normal"`."""
        raise NotImplementedError

    @property
    def primitives(self) -> frozenset[str]:
        """Names of the primitives or activations on the edges of all cells."""
        cells = self.cells.values()
        return frozenset(edge.primitive for cell in cells for edge in cell.edges)

    @classmethod
    def holds(cls, cells: Mapping[str, Cell]) -> bool:
        """Returns whether these cells, by their kind, can be a genotype of this class.

        Args:
            cells: The cells.
        """
        raise NotImplementedError

    @classmethod
    def from_cells(cls, cells: Mapping[str, Cell]) -> Self:
        """Builds the genotype of cells that it `holds`."""
        raise NotImplementedError

    def __str__(self):
        return "\n".join(f"{cell_name(k)}\n{cell}" for k, cell in self.cells.items())

    def to_fields(self) -> dict:
        """Returns the value of each of `FIELDS`, of lists, strings and integers."""
        raise NotImplementedError

    @classmethod
    def from_fields(cls, fields: Mapping) -> Self:
        """Builds the genotype from exactly `FIELDS`, whose values may be anything.

        Raises:
            ValueError: If they describe no valid genotype.
        """
        raise NotImplementedError

    @classmethod
    def published_by_name(cls) -> Mapping[str, Self]:
        """Returns the published genotypes of this kind."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Returns the genotype as one line of JSON, read back by `from_json`."""
        fields = {"format": self.FORMAT, "version": JSON_VERSION}
        return json.dumps(fields | self.to_fields())

    def to_json_object(self) -> dict[str, Any]:
        """Returns what `to_json` writes, as a part of a larger JSON document."""
        return json.loads(self.to_json())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what `to_json` wrote.

        Args:
            text: The JSON, at most `MAX_JSON_LENGTH` characters.

        Returns:
            The genotype.

        Raises:
            ValueError: If the text is no JSON, of another format or version, or
                describes a malformed cell.
        """
        fields = parse_json(text)
        if not isinstance(fields, dict) or fields.get("format") != cls.FORMAT:
            expected = f'a JSON object with "format": "{cls.FORMAT}"'
            raise invalid_value("text", expected, text)
        version = fields.get("version")
        if type(version) is not int or version != JSON_VERSION:
            expected = f"{JSON_VERSION}, the only one that this release reads"
            raise invalid_value("version", expected, version)
        require_keys("text", fields, ("format", "version", *cls.FIELDS))
        return cls.from_fields({name: fields[name] for name in cls.FIELDS})

    def save(self, path: str | os.PathLike) -> None:
        """Writes the JSON to `path`: at every moment the old file or the whole new one.

        Args:
            path: The file; its folder is made if need be.
        """
        write_atomically(path, self.to_json() + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike) -> Self:
        """Reads a file that `save` wrote.

        Args:
            path: The file.

        Returns:
            The genotype.

        Raises:
            UserError: If the file cannot be read or holds no valid genotype of this
                kind; the message names it.
        """
        try:
            with open(path, encoding="utf-8") as file:
                return cls.from_json(file.read(MAX_JSON_LENGTH + 1))
        except (OSError, ValueError) as error:
            message = f"No genotype could be read from {path}: {error}"
            raise UserError(message) from error

    @classmethod
    def published(cls, name: str) -> Self:
        """Returns a published genotype, for instance `"DARTS_V2"`.

        Args:
            name: One of the keys of `published_by_name()`.

        Returns:
            The genotype.

        Raises:
            ValueError: If there is none of this name.
        """
        published = cls.published_by_name()
        if name not in published:
            raise invalid_value("name", f"one of {', '.join(published)}", name)
        return published[name]

    @classmethod
    def from_name_or_file(cls, text: str, epoch: int | None = None) -> Self:
        """Finds a genotype by what a user types.

        Args:
            text: A published name, a genotype file, or the folder of a search, which
                stands for the genotype in it that `genotype_in` chooses.
            epoch: Of the genotype in such a folder, counted from 1.

        Returns:
            The genotype.

        Raises:
            UserError: If `text` is none of these, or the file is not valid.
        """
        published = cls.published_by_name()
        if epoch is not None and not os.path.isdir(text):
            raise UserError(
                f"`genotype_epoch`={epoch} is for the folder of a search, and "
                f"`genotype`={shortened(text)} is none."
            )
        if text in published:
            return published[text]
        path = genotype_in(text, epoch).path if os.path.isdir(text) else text
        if not os.path.isfile(path):
            names = f"a published name ({', '.join(published)}), " if published else ""
            raise UserError(
                f"No genotype found: expected {names}a genotype file or the folder of "
                f"a search with a {BEST_GENOTYPE_FILE}. Received: {shortened(text)}"
            )
        return cls.load(path)


def cell_name(kind: str) -> str:
    """Returns what texts call a cell of a kind, for instance `"reduction cell"`."""
    return CELL_NAMES.get(kind, f"{kind} cell")


def cell_from(
    kind: str,
    nodes: object,
    outputs_name: str,
    outputs: object,
    num_inputs: int = 2,
    output_rule: str = "concat",
) -> Cell:
    """Builds a cell of the values in a file; an error names the cell and the key.

    Args:
        kind: What the error calls the cell.
        nodes: What should be a list of nodes, see `Cell.from_lists`.
        outputs_name: What the file calls the outputs.
        outputs: What should be a list of states.
        num_inputs, output_rule: See `Cell`.

    Raises:
        ValueError: If they describe no valid cell.
    """
    if not isinstance(outputs, Iterable):
        raise invalid_value(outputs_name, "a list of states", outputs)
    try:
        return Cell.from_lists(nodes, outputs, num_inputs, output_rule)
    except ValueError as error:
        where = f"In the cell `{kind}`, the outputs of which are its `{outputs_name}`"
        raise ValueError(f"{where}: {error}") from error
