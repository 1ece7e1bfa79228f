"""Flags of `benchmarks.zoo_steps`: the settings of `ZooBenchmarkConfig`."""

from absl import flags

from benchmarks.zoo_steps.settings import ZooBenchmarkConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ZooBenchmarkConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ZooBenchmarkConfig` that the parsed flags describe."""
    return setting_flags.to_config(ZooBenchmarkConfig, flag_values)
