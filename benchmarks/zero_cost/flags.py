"""Flags of `benchmarks.zero_cost`: the settings of `ZeroCostConfig`."""

from absl import flags

from benchmarks.zero_cost.settings import ZeroCostConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ZeroCostConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ZeroCostConfig` that the parsed flags describe."""
    return setting_flags.to_config(ZeroCostConfig, flag_values)
