"""Flags of `benchmarks.search_methods`: the settings of `MethodBenchmarkConfig`."""

from absl import flags

from benchmarks.search_methods.settings import MethodBenchmarkConfig
from benchmarks.search_step import shared_flags
from benchmarks.search_step.settings import FULL_SIZES

_CONFIGS = MethodBenchmarkConfig(), FULL_SIZES


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return shared_flags.define(*_CONFIGS, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `MethodBenchmarkConfig` that the parsed flags describe."""
    return shared_flags.to_config(*_CONFIGS, flag_values)
