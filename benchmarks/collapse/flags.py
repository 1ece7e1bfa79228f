"""Flags of `benchmarks.collapse`: the settings of `CollapseConfig`."""

from absl import flags

from benchmarks.collapse.settings import CollapseConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(CollapseConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `CollapseConfig` that the parsed flags describe."""
    return setting_flags.to_config(CollapseConfig, flag_values)
