"""Flags of `benchmarks.rnn_step`: the settings of `RecurrentBenchmarkConfig`."""

from benchmarks.rnn_step.settings import FULL_RECURRENT_SIZES, RecurrentBenchmarkConfig
from benchmarks.search_step.shared_flags import StepFlags

rnn_step_flags = StepFlags(RecurrentBenchmarkConfig, FULL_RECURRENT_SIZES)
