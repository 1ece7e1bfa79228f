"""Flags of `benchmarks.rnn_step`: the settings of `RecurrentBenchmarkConfig`."""

from absl import flags

from benchmarks.rnn_step.settings import FULL_RECURRENT_SIZES, RecurrentBenchmarkConfig
from benchmarks.search_step import shared_flags

_CONFIGS = RecurrentBenchmarkConfig(), FULL_RECURRENT_SIZES


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return shared_flags.define(*_CONFIGS, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentBenchmarkConfig` that the parsed flags describe."""
    return shared_flags.to_config(*_CONFIGS, flag_values)
