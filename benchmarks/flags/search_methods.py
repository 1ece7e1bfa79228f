"""Flags of `benchmarks.search_methods`: the settings of `MethodBenchmarkConfig`."""

from absl import flags

from benchmarks.flags import step_benchmark
from benchmarks.method_settings import MethodBenchmarkConfig
from benchmarks.step_settings import FULL_SIZES

_CONFIGS = MethodBenchmarkConfig(), FULL_SIZES


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return step_benchmark.define(*_CONFIGS, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `MethodBenchmarkConfig` that the parsed flags describe."""
    return step_benchmark.to_config(*_CONFIGS, flag_values)
