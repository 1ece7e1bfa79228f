"""The kinds of runs, by the format of their configuration.

Each folder beside this file is one: the class of `Experiment` in its `experiment`
module is found by itself. A kind that lies elsewhere is registered.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from darts_tf import experiments
from darts_tf.errors import invalid_value
from darts_tf.runs.experiment import Experiment

_KINDS: dict[str, type[Experiment]] = {}


def register_kind(kind: type[Experiment]) -> type[Experiment]:
    """Makes a kind of run known to what reads the folders of runs.

    Args:
        kind: The kind; this function can be the decorator of its class.

    Returns:
        The kind.

    Raises:
        ValueError: If another kind has its format.
    """
    other = _KINDS.get(kind.FORMAT, kind)
    # One of the same name is taken for the kind itself, since a cell of a notebook
    # that is run again defines it again.
    if other.__qualname__ != kind.__qualname__:
        expected = f"a kind of another format than `{other.__qualname__}`"
        raise invalid_value("kind", expected, kind)
    _KINDS[kind.FORMAT] = kind
    return kind


def kinds() -> Mapping[str, type[Experiment]]:
    """Returns all kinds of runs that are known, by their formats."""
    return MappingProxyType(_KINDS)


def _find_kinds() -> None:
    folders = [f.name for f in pkgutil.iter_modules(experiments.__path__) if f.ispkg]
    for folder in folders:
        name = f"{experiments.__name__}.{folder}.experiment"
        module = importlib.import_module(name)
        classes = [x for x in vars(module).values() if isinstance(x, type)]
        for found in classes:
            if issubclass(found, Experiment) and found.__module__ == name:
                register_kind(found)


_find_kinds()
