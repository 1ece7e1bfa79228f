"""What a file of a latency table has to hold, checked entry by entry."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from darts_tf.convolutional.skeleton import PADDINGS
from darts_tf.costs.cost_model import LAYERS, NetworkPart
from darts_tf.errors import printable, shortened
from darts_tf.formats.format import FORMATS

FORMAT, VERSION = "darts_tf.latency_table", 2

_MAX_SIZE = 1_000_000
_LARGEST = 1e300


class TableError(ValueError):
    """What is wrong with a file of a table, in words without a full stop."""


class _Rule:
    """What a field may hold.

    Args:
        words: That in words.
        accepts: Function of a value, whether it may be.
    """

    def __init__(self, words: str, accepts: Callable[[Any], bool]):
        self.words, self.accepts = words, accepts


def is_number(value: object) -> bool:
    """Whether a value is a number from 0 up, of which many can be added as floats."""
    return type(value) in (int, float) and 0 <= value <= _LARGEST


def _one_of(values):
    words = f"one of {', '.join(map(str, values))}"
    return _Rule(words, lambda value: isinstance(value, str) and value in values)


_SIZE = _Rule(
    f"an integer from 1 to {_MAX_SIZE}",
    lambda value: type(value) is int and 1 <= value <= _MAX_SIZE,
)
_NUMBER = _Rule("a finite number from 0 up", is_number)
_POSITIVE = _Rule(
    "a finite number above 0", lambda value: is_number(value) and value > 0
)
_TEXT = _Rule("text", lambda value: isinstance(value, str))
_TRUTH = _Rule("true or false", lambda value: isinstance(value, bool))

_PART_RULES: Mapping[str, _Rule] = {
    "layer": _one_of(LAYERS),
    "primitive": _TEXT,
    "stride": _Rule("1 or 2", lambda value: type(value) is int and value in (1, 2)),
    "inputs": _SIZE,
    "channels": _SIZE,
    "height": _SIZE,
    "width": _SIZE,
    "padding": _one_of(PADDINGS),
    "relu": _TRUTH,
    "bias": _TRUTH,
}
_ENTRY_RULES: Mapping[str, _Rule] = {
    **_PART_RULES,
    "ratio": _NUMBER,
    "spread": _NUMBER,
    "certain": _TRUTH,
}
_TABLE_RULES: Mapping[str, _Rule] = {
    "format": _Rule(f'"{FORMAT}"', lambda value: value == FORMAT),
    "version": _Rule(
        f"{VERSION}, the only one that this release reads",
        lambda value: type(value) is int and value == VERSION,
    ),
    "runtime": _one_of(tuple(FORMATS)),
    "threads": _SIZE,
    "processor": _TEXT,
    "versions": _Rule(
        "versions by the name of a library",
        lambda value: (
            isinstance(value, dict) and all(map(_TEXT.accepts, value.values()))
        ),
    ),
    "reference": _Rule("an object", lambda value: isinstance(value, dict)),
    "milliseconds": _POSITIVE,
    "scale": _POSITIVE,
    "entries": _Rule(
        "a list of at least one entry",
        lambda value: isinstance(value, list) and bool(value),
    ),
}


def checked_fields(content: Any) -> dict[str, Any]:
    """Checks what a file holds.

    Args:
        content: What its JSON says.

    Returns:
        The fields by name, with a `NetworkPart` as the reference, and the fields of
        each entry by its part.

    Raises:
        TableError: If a field is missing, unknown or not as it may be, or a part stands
            there twice.
    """
    _check("the table", content, _TABLE_RULES)
    entries = {}
    for number, row in enumerate(content["entries"], 1):
        _check(f"entry {number}", row, _ENTRY_RULES)
        part = part_from(row)
        if part in entries:
            raise TableError(f"entry {number} stands there twice")
        entries[part] = row
    _check("the reference", content["reference"], _PART_RULES)
    return {**content, "reference": part_from(content["reference"]), "entries": entries}


def part_from(fields: Mapping[str, Any]) -> NetworkPart:
    """Returns the part of fields that were checked, of which there may be more."""
    names = [field.name for field in dataclasses.fields(NetworkPart)]
    return NetworkPart(**{name: fields[name] for name in names})


def _check(words, fields, rules):
    if not isinstance(fields, dict):
        raise TableError(f"{words} is no JSON object")
    for name in rules.keys() - fields.keys():
        raise TableError(f'{words} has no "{name}"')
    for name in fields.keys() - rules.keys():
        raise TableError(f"{words} has an unknown {printable(shortened(name))}")
    for name, rule in rules.items():
        if not rule.accepts(fields[name]):
            found = printable(shortened(fields[name]))
            raise TableError(f'"{name}" of {words} is {found}; expected {rule.words}')
