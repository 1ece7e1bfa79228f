"""The kinds of runs, by the format of their configuration.

Each folder beside this file is one: the class of `Experiment` in its `experiment`
module is found by itself. A kind that lies elsewhere is registered.
"""

import importlib
import os
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from darts_tf import experiments
from darts_tf.errors import UserError, invalid_value
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_config import read_config
from darts_tf.runs.run_files import Run

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


def read_run(run_folder: str | os.PathLike) -> Run:
    """Reads the folder of a run of any kind that is known, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        What its kind reads.

    Raises:
        UserError: If it is no such folder, or a file is missing or damaged.
    """
    return kind_of_run(run_folder).read(Path(run_folder))


def kind_of_run(run_folder: str | os.PathLike) -> type[Experiment]:
    """Returns the kind of the run in a folder; errors as `read_run`."""
    folder = Path(run_folder)
    format = read_config(folder)["format"]
    if format not in _KINDS:
        raise UserError(
            f"{folder / CONFIG_FILE} is of {format!r}; expected one of "
            f"{', '.join(_KINDS)}."
        )
    return _KINDS[format]


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
