"""Flags of `benchmarks.gpu_step`: the settings of `GpuBenchmarkConfig`."""

import dataclasses

from absl import flags

from benchmarks.gpu_step.settings import GpuBenchmarkConfig
from benchmarks.search_step import shared_flags
from benchmarks.search_step.settings import (
    FULL_EVALUATION_SIZES,
    FULL_SIZES,
    SMALL_SIZES,
)
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    sizes = shared_flags.define_sizes(SMALL_SIZES, FULL_SIZES, flag_values)
    return {"Sizes": sizes, **setting_flags.define(GpuBenchmarkConfig(), flag_values)}


def to_config(flag_values=flags.FLAGS):
    """Returns the `GpuBenchmarkConfig` that the parsed flags describe."""
    sizes, evaluation_sizes = (
        shared_flags.sizes_of(SMALL_SIZES, full, flag_values)
        for full in (FULL_SIZES, FULL_EVALUATION_SIZES)
    )
    return dataclasses.replace(
        setting_flags.to_config(GpuBenchmarkConfig, flag_values),
        sizes=sizes,
        evaluation_sizes=evaluation_sizes,
    )
