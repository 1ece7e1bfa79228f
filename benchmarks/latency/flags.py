"""Flags of `benchmarks.latency`: the settings of `LatencyBenchmarkConfig`."""

from absl import flags

from benchmarks.latency.settings import LatencyBenchmarkConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(LatencyBenchmarkConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `LatencyBenchmarkConfig` that the parsed flags describe."""
    return setting_flags.to_config(LatencyBenchmarkConfig, flag_values)
