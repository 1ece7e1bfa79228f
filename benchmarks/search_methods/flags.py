"""Flags of `benchmarks.search_methods`: the settings of `MethodBenchmarkConfig`."""

from benchmarks.search_methods.settings import MethodBenchmarkConfig
from benchmarks.search_step.settings import FULL_SIZES
from benchmarks.search_step.shared_flags import StepFlags

search_methods_flags = StepFlags(MethodBenchmarkConfig, FULL_SIZES)
