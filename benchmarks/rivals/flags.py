"""Flags of `benchmarks.rivals`: the settings of `RivalsConfig`."""

from absl import flags

from benchmarks.rivals.settings import RivalsConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(RivalsConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RivalsConfig` that the parsed flags describe."""
    return setting_flags.to_config(RivalsConfig, flag_values)
