"""The flags of all programs, and their values for a command line."""

import importlib
import pathlib

from absl.flags import FlagValues

import benchmarks
import flags
from darts_tf.plugins import instances_in, modules_of
from flags.setting_flags import SettingFlags

# What absl defines in every `FlagValues`.
ABSL = {"help", "helpshort", "helpfull", "helpxml"}


def _modules():
    yield from modules_of(flags)
    # Their folders have no `__init__.py`, without which `pkgutil` does not list them.
    for path in sorted(pathlib.Path(benchmarks.__file__).parent.glob("*/flags.py")):
        yield importlib.import_module(f"benchmarks.{path.parent.name}.flags")


# By the names of their modules.
PROGRAMS = {
    module.__name__: program_flags
    for module in _modules()
    for program_flags in instances_in([module], SettingFlags)
}


def parsed(program_flags, *arguments, **defaults):
    """Returns the `FlagValues` of a command line.

    Args:
        program_flags: The `SettingFlags` of a program.
        *arguments: Of the command line.
        **defaults: See `SettingFlags.define`.
    """
    values = FlagValues()
    program_flags.define(values, **defaults)
    values(["a program", *map(str, arguments)])
    return values


def config_of(program_flags, *arguments, **defaults):
    """Returns the configuration that a command line describes; see `parsed`."""
    return program_flags.to_config(parsed(program_flags, *arguments, **defaults))
