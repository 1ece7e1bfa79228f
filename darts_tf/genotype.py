"""The result of a search: two cells as plain, validated, immutable data."""

import dataclasses
import json
import os
import re
import reprlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError
from darts_tf.published_cells import PUBLISHED_CELLS

JSON_FORMAT = "darts_tf.genotype"
JSON_VERSION = 1
MAX_JSON_LENGTH = 1_000_000
BEST_GENOTYPE_FILE = "genotype_best.json"

_PRIMITIVE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SHORTENED = reprlib.Repr()
_SHORTENED.maxstring = _SHORTENED.maxother = 120


def _invalid(name: str, expected: str, received: object) -> ValueError:
    return ValueError(
        f"Received an invalid value for `{name}`, expected {expected}. "
        f"Received: {name}={_SHORTENED.repr(received)}"
    )


def _is_index(value: object) -> bool:
    # JSON's true is a bool, and a bool is an int: only a real int counts.
    return type(value) is int and value >= 0


@dataclasses.dataclass(frozen=True)
class Edge:
    """One primitive applied to one earlier state of a cell.

    Args:
        primitive: Name of the primitive, for instance `"sep_conv_3x3"`: lower-case
            letters, digits and underscores, a letter first.
        source: Index of the state it reads: 0 is the output of the cell before the
            previous one, 1 that of the previous cell, 2 and up are this cell's
            nodes in order.

    Raises:
        ValueError: If the name or the index is malformed.
    """

    primitive: str
    source: int

    def __post_init__(self):
        name = self.primitive
        if not isinstance(name, str) or not _PRIMITIVE_NAME.fullmatch(name):
            raise _invalid(
                "primitive",
                "a name of lower-case letters, digits and underscores such as "
                "'sep_conv_3x3'",
                name,
            )
        if not _is_index(self.source):
            raise _invalid("source", "an integer from 0 up", self.source)

    def __str__(self):
        return f"{self.primitive}({self.source})"


@dataclasses.dataclass(frozen=True)
class Cell:
    """A directed acyclic graph of primitives with two input states.

    Args:
        nodes: `nodes[j]` holds the edges that are summed into state `j + 2`. The
            same source, or the same edge, may appear more than once.
        concat: The states, all of them nodes of this cell, that are concatenated
            into the output.

    Raises:
        ValueError: If a node has no edge or reads a state that does not come before
            it, or if `concat` is empty, repeats a state or names one that is no node.
    """

    nodes: tuple[tuple[Edge, ...], ...]
    concat: tuple[int, ...]

    def __post_init__(self):
        if not isinstance(self.nodes, tuple) or not self.nodes:
            raise _invalid("nodes", "a tuple of one or more nodes", self.nodes)
        for state, node in enumerate(self.nodes, start=2):
            self._validate_node(state, node)
        self._validate_concat()

    def _validate_node(self, state, node):
        name = f"nodes[{state - 2}]"
        if not isinstance(node, tuple) or not node:
            raise _invalid(name, "a tuple of one or more edges", node)
        for edge in node:
            if not isinstance(edge, Edge):
                raise _invalid(name, "a tuple of `Edge`", node)
            if edge.source >= state:
                raise _invalid(
                    name, f"sources from 0 to {state - 1}, the states before it", node
                )

    def _validate_concat(self):
        last = len(self.nodes) + 1
        if (
            not isinstance(self.concat, tuple)
            or not self.concat
            or not all(_is_index(state) and 2 <= state <= last for state in self.concat)
            or len(set(self.concat)) != len(self.concat)
        ):
            raise _invalid(
                "concat",
                f"one or more distinct nodes from 2 to {last} in a tuple",
                self.concat,
            )

    @classmethod
    def from_lists(cls, nodes: Iterable, concat: Iterable[int]) -> "Cell":
        """Builds a cell from `(primitive, source)` pairs, in any kind of sequence.

        Args:
            nodes: A sequence of nodes, each a sequence of `(primitive, source)`.
            concat: The states that are concatenated into the output.

        Returns:
            The `Cell`.

        Raises:
            ValueError: As the constructor, and if the nesting is another one.
        """
        try:
            edges = tuple(tuple(Edge(*edge) for edge in node) for node in nodes)
        except TypeError as error:
            expected = "a list of nodes, each a list of [primitive, source] pairs"
            raise _invalid("nodes", expected, nodes) from error
        if not isinstance(concat, Iterable):
            raise _invalid("concat", "a list of states", concat)
        return cls(edges, tuple(concat))

    def __str__(self):
        lines = [
            f"node {state}: {' + '.join(map(str, node))}"
            for state, node in enumerate(self.nodes, start=2)
        ]
        return "\n".join([*lines, f"concat: {', '.join(map(str, self.concat))}"])


@dataclasses.dataclass(frozen=True)
class Genotype:
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

    normal: Cell
    reduce: Cell

    def __post_init__(self):
        for name in ("normal", "reduce"):
            if not isinstance(getattr(self, name), Cell):
                raise _invalid(name, "a `Cell`", getattr(self, name))

    def __str__(self):
        return f"normal cell\n{self.normal}\nreduction cell\n{self.reduce}"

    def to_json(self) -> str:
        """Returns the genotype as one line of JSON, read back by `from_json`."""
        fields = {"format": JSON_FORMAT, "version": JSON_VERSION}
        for name in ("normal", "reduce"):
            cell = getattr(self, name)
            nodes = [[[edge.primitive, edge.source] for edge in n] for n in cell.nodes]
            fields[name] = {"nodes": nodes, "concat": list(cell.concat)}
        return json.dumps(fields)

    @classmethod
    def from_json(cls, text: str) -> "Genotype":
        """Reads what `to_json` wrote.

        Args:
            text: The JSON, at most `MAX_JSON_LENGTH` characters.

        Returns:
            The `Genotype`.

        Raises:
            ValueError: If the text is no JSON, of another format or version, or
                describes a malformed cell.
        """
        fields = _parse_json(text)
        if not isinstance(fields, dict) or fields.get("format") != JSON_FORMAT:
            expected = f'a JSON object with "format": "{JSON_FORMAT}"'
            raise _invalid("text", expected, text)
        version = fields.get("version")
        if type(version) is not int or version != JSON_VERSION:
            expected = f"{JSON_VERSION}, the only one that this release reads"
            raise _invalid("version", expected, version)
        _require_keys("text", fields, ("format", "version", "normal", "reduce"))
        return cls(
            normal=_cell_from_json("normal", fields["normal"]),
            reduce=_cell_from_json("reduce", fields["reduce"]),
        )

    def save(self, path: str | os.PathLike) -> None:
        """Writes the JSON to `path`: at every moment the old file or the whole new one.

        Args:
            path: The file; its folder is made if need be.
        """
        write_atomically(path, self.to_json() + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike) -> "Genotype":
        """Reads a file that `save` wrote.

        Args:
            path: The file.

        Returns:
            The `Genotype`.

        Raises:
            UserError: If the file cannot be read or holds no valid genotype; the
                message names it.
        """
        try:
            with open(path, encoding="utf-8") as file:
                return cls.from_json(file.read(MAX_JSON_LENGTH + 1))
        except (OSError, ValueError) as error:
            message = f"No genotype could be read from {path}: {error}"
            raise UserError(message) from error

    @classmethod
    def published(cls, name: str) -> "Genotype":
        """Returns a published genotype, for instance `"DARTS_V2"`.

        Args:
            name: One of the keys of `PUBLISHED`.

        Returns:
            The `Genotype`.

        Raises:
            ValueError: If there is none of this name.
        """
        if name not in PUBLISHED:
            raise _invalid("name", f"one of {', '.join(PUBLISHED)}", name)
        return PUBLISHED[name]

    @classmethod
    def from_name_or_file(cls, text: str) -> "Genotype":
        """Finds a genotype by what a user types.

        Args:
            text: A published name, a genotype file, or the folder of a search, which
                stands for the best genotype in it.

        Returns:
            The `Genotype`.

        Raises:
            UserError: If `text` is none of these, or the file is not valid.
        """
        if text in PUBLISHED:
            return PUBLISHED[text]
        path = os.path.join(text, BEST_GENOTYPE_FILE) if os.path.isdir(text) else text
        if not os.path.exists(path):
            raise UserError(
                "No genotype found: expected a published name "
                f"({', '.join(PUBLISHED)}), a genotype file or the folder of a search "
                f"with a {BEST_GENOTYPE_FILE}. Received: {_SHORTENED.repr(text)}"
            )
        return cls.load(path)


def _parse_json(text):
    if not isinstance(text, str) or len(text) > MAX_JSON_LENGTH:
        expected = f"a string of at most {MAX_JSON_LENGTH:,} characters"
        raise _invalid("text", expected, text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _invalid("text", f"JSON ({error})", text) from error


def _require_keys(name, fields, keys):
    if not isinstance(fields, dict) or set(fields) != set(keys):
        raise _invalid(name, f"a JSON object with the keys {', '.join(keys)}", fields)


def _cell_from_json(name, fields):
    _require_keys(name, fields, ("nodes", "concat"))
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
