"""Flags of `benchmarks.search_step`: the settings of `BenchmarkConfig`."""

from benchmarks.search_step.settings import FULL_SIZES, BenchmarkConfig
from benchmarks.search_step.shared_flags import StepFlags

search_step_flags = StepFlags(BenchmarkConfig, FULL_SIZES)
