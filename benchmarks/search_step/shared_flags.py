"""Flags that the benchmarks of search steps share."""

import dataclasses

from absl import flags

from darts_tf.settings import known_of, settings_of
from flags import setting_flags

_FULL = "Measures the paper's sizes."
_SWEEP = (
    "Measures the default form in the first order over several values of this size "
    "instead; may be given more than once."
)


def define(defaults, full_sizes, flag_values):
    """Defines the flags of a benchmark of forms and orders of a step.

    Args:
        defaults: Configuration, see `benchmarks.search_step.settings.BenchmarkConfig`.
        full_sizes: Its sizes with `--full`.
        flag_values: `absl.flags.FlagValues` that get the flags.

    Returns:
        Their helps by group, see `setting_flags.define`.
    """
    helps = define_sizes(defaults.sizes, full_sizes, flag_values)
    groups = {"Sizes": helps, **setting_flags.define(defaults, flag_values)}
    sizes = [*settings_of(defaults.sizes)]
    flags.DEFINE_multi_enum("sweep", [], sizes, _SWEEP, flag_values)
    groups["Measurements"]["sweep"] = _SWEEP
    return groups


def to_config(defaults, full_sizes, flag_values):
    """Returns the configuration that the parsed flags describe; see `define`."""
    return dataclasses.replace(
        setting_flags.to_config(type(defaults), flag_values),
        sizes=sizes_of(defaults.sizes, full_sizes, flag_values),
        sweep=tuple(flag_values.sweep),
    )


def define_sizes(small_sizes, full_sizes, flag_values):
    """Defines `--full` and a flag for each size.

    Args:
        small_sizes, full_sizes: `Settings` with the sizes that are the defaults, and
            those with `--full`.
        flag_values: `absl.flags.FlagValues` that get the flags.

    Returns:
        Their helps.
    """
    flags.DEFINE_boolean("full", False, _FULL, flag_values)
    helps = {"full": _FULL}
    for name, field in settings_of(small_sizes).items():
        small, full = getattr(small_sizes, name), getattr(full_sizes, name)
        default = f"Default is {small}, with --full {full}."
        helps[name] = f"{known_of(field).help} {default}"
        # None tells a size that is given from that of `--full`.
        setting_flags.define_flag(field, None, helps[name], flag_values)
    return helps


def sizes_of(small_sizes, full_sizes, flag_values):
    """Returns the sizes that the parsed flags describe; see `define_sizes`."""
    base = full_sizes if flag_values.full else small_sizes
    given = {name: getattr(flag_values, name) for name in settings_of(base)}
    given = {name: value for name, value in given.items() if value is not None}
    return dataclasses.replace(base, **given)
