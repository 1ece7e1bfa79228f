"""The kinds of runs, by the format of their configuration.

Each folder beside this file with an `experiment` module is one: the class of
`Experiment` in there is found by itself. A kind that lies elsewhere is registered.
"""

import importlib
import importlib.util
import os
import pkgutil
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType, ModuleType

from darts_tf import experiments
from darts_tf.errors import UserError
from darts_tf.plugins import subclasses_in
from darts_tf.registry import Registry
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_config import read_config
from darts_tf.runs.run_files import Run

_KINDS: Registry[type[Experiment]] = Registry(
    "kind", Experiment, True, "FORMAT", attrgetter("__qualname__")
)


def register_kind(kind: type[Experiment]) -> type[Experiment]:
    """Makes a kind of run known to what reads the folders of runs.

    Args:
        kind: The kind; this function can be the decorator of its class.

    Returns:
        The kind.

    Raises:
        ValueError: If it is none, or another kind has its format.
    """
    return _KINDS.register(kind)


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


def _experiments() -> Iterator[ModuleType]:
    for folder in pkgutil.iter_modules(experiments.__path__):
        name = f"{experiments.__name__}.{folder.name}"
        if folder.ispkg and importlib.util.find_spec(f"{name}.experiment"):
            yield importlib.import_module(f"{name}.experiment")


for _kind in subclasses_in(_experiments(), Experiment):
    register_kind(_kind)
