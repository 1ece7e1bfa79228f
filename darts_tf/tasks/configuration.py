"""Runs whose settings are keyword arguments."""

import dataclasses
import difflib
import os
import warnings
from typing import Any, TypeVar

from darts_tf.data.text import text_sources
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.errors import UserError, first_line
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_folder import dated_folder
from darts_tf.settings import Settings, settings_of, values_of

_Config = TypeVar("_Config", bound=Settings)


def is_text(dataset: str | os.PathLike) -> bool:
    """Whether a data set is a text, whose cells are recurrent, and not of images."""
    return text_sources.is_text(os.fspath(dataset))


def run_experiment(
    kind: type[Experiment],
    defaults: Settings,
    output: str | os.PathLike | None,
    **settings: Any,
) -> Any:
    """Does a run, or continues it, and reads what it has found.

    Args:
        kind: The kind of run.
        defaults: Its configuration, of which `settings` are changed.
        output: Folder of the run, or `None` for one named after the time.
        **settings: See `configured`.

    Returns:
        What `kind.read` returns, or `None` in a process that has no folder.

    Raises:
        UserError: If anything in the input or the surroundings stops the run.
    """
    config = configured(defaults, **settings)
    _start_tensorflow(config)
    folder = kind(config).run(output or dated_folder(kind.NAME))
    return None if folder is None else kind.read(folder)


def configured(defaults: _Config, **settings: Any) -> _Config:
    """Returns a configuration with some settings changed.

    Args:
        defaults: A configuration, a dataclass.
        **settings: New values by name.

    Raises:
        UserError: If there is no setting of a name, or a value is refused.
    """
    names = list(settings_of(defaults))
    for name in settings:
        if name not in names:
            close = difflib.get_close_matches(name, names, 1)
            kind = type(defaults)
            see = f"see help({kind.__module__}.{kind.__name__})."
            hint = f"did you mean `{close[0]}`?" if close else see
            raise UserError(f"There is no setting {name!r}; {hint}")
    follow = defaults.defaults_with({**values_of(defaults), **settings})
    return dataclasses.replace(defaults, **{**follow, **settings})


def _start_tensorflow(config):
    """Sets TensorFlow up, or says that it is too late for that."""
    try:
        configure_runtime(config)
    except RuntimeError as error:
        reason = first_line(error)
        if config.devices or config.logical_devices:
            raise UserError(
                f"TensorFlow had started before this run ({reason}); choose devices "
                "in a new process, before its first operation."
            ) from error
        warnings.warn(
            f"TensorFlow had started before this run ({reason}): its threads stay as "
            "they are, and the bits of the run may be others than usual.",
            stacklevel=4,
        )
