"""JSON as genotypes are written in it: not longer than they are, and of known keys."""

import json
from collections.abc import Iterable
from typing import Any

from darts_tf.errors import invalid_value

MAX_JSON_LENGTH = 1_000_000


def parse_json(text: object) -> Any:
    """Returns what a JSON text says.

    Args:
        text: The text, at most `MAX_JSON_LENGTH` characters.

    Raises:
        ValueError: If it is longer, or no JSON.
    """
    if not isinstance(text, str) or len(text) > MAX_JSON_LENGTH:
        expected = f"a string of at most {MAX_JSON_LENGTH:,} characters"
        raise invalid_value("text", expected, text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid_value("text", f"JSON ({error})", text) from error


def require_keys(name: str, fields: object, keys: Iterable[str]) -> None:
    """Raises a `ValueError` unless `fields` is a dictionary of exactly these keys."""
    if not isinstance(fields, dict) or set(fields) != set(keys):
        expected = f"a JSON object with the keys {', '.join(keys)}"
        raise invalid_value(name, expected, fields)
