"""The rows by their names.

Each module in `known` has some, which are found by themselves. A row that lies
elsewhere is registered.
"""

import math
from typing import Any

import keras

from darts_tf.plugins import instances_in, modules_of
from darts_tf.presets import register_preset
from darts_tf.registry import Registry
from darts_tf.zoo import known
from darts_tf.zoo.row import DATASETS, Row

_ROWS: Registry[Row] = Registry("row", Row)


def register_row(row: Row) -> Row:
    """Makes a row known by its name, and its network as a preset.

    Args:
        row: The row.

    Returns:
        The row.

    Raises:
        ValueError: If it is none, or another row has its name.
    """
    _ROWS.register(row)
    register_preset(row.name, row.built)
    return row


def is_row(name: object) -> bool:
    """Whether there is a row of a name."""
    return isinstance(name, str) and name in _ROWS


def get_row(name: str) -> Row:
    """Returns the row of a name, or raises a `ValueError`."""
    return _ROWS.known(name)


def rows(dataset: str | None = None) -> tuple[Row, ...]:
    """Returns the rows of all tables, or of one, in the order of these tables.

    Those that no table has come after them, as they were registered.

    Args:
        dataset: One of `row.DATASETS`.
    """
    chosen = (x for x in _ROWS.values() if dataset in (None, x.dataset))
    return tuple(sorted(chosen, key=_position))


def _position(row: Row) -> tuple[int, float]:
    place = math.inf if row.place is None else row.place
    return DATASETS.index(row.dataset), place


def build(name: str, **sizes: Any) -> keras.Model:
    """Returns a published network, not yet built.

    Args:
        name: Name of its row.
        **sizes: Sizes other than the published ones, see `Row.make`.

    Raises:
        ValueError: If there is no such row.
        UserError: If the network is not public.
    """
    return get_row(name).build(**sizes)


for _row in instances_in(modules_of(known), Row):
    register_row(_row)
