"""Flags of `benchmarks.gpu_step`: the settings of `GpuBenchmarkConfig`."""

from benchmarks.gpu_step.settings import GpuBenchmarkConfig
from benchmarks.search_step.settings import FULL_EVALUATION_SIZES, FULL_SIZES
from benchmarks.search_step.shared_flags import SizedFlags

gpu_step_flags = SizedFlags(
    GpuBenchmarkConfig,
    {"sizes": FULL_SIZES, "evaluation_sizes": FULL_EVALUATION_SIZES},
)
