"""Flags of `benchmarks.rnn_step`: the settings of `RecurrentBenchmarkConfig`."""

from absl import flags

from benchmarks.flags import step_benchmark
from benchmarks.recurrent_settings import FULL_RECURRENT_SIZES, RecurrentBenchmarkConfig

_CONFIGS = RecurrentBenchmarkConfig(), FULL_RECURRENT_SIZES


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return step_benchmark.define(*_CONFIGS, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentBenchmarkConfig` that the parsed flags describe."""
    return step_benchmark.to_config(*_CONFIGS, flag_values)
