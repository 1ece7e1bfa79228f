"""Flags of `benchmarks.export_step`: the settings of `ExportStepConfig`."""

import dataclasses

from absl import flags

from benchmarks.flags import step_benchmark
from benchmarks.gpu_settings import ExportStepConfig
from benchmarks.step_settings import FULL_SIZES, SMALL_SIZES
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    sizes = step_benchmark.define_sizes(SMALL_SIZES, FULL_SIZES, flag_values)
    return {"Sizes": sizes, **setting_flags.define(ExportStepConfig(), flag_values)}


def to_config(flag_values=flags.FLAGS):
    """Returns the `ExportStepConfig` that the parsed flags describe."""
    return dataclasses.replace(
        setting_flags.to_config(ExportStepConfig, flag_values),
        sizes=step_benchmark.sizes_of(SMALL_SIZES, FULL_SIZES, flag_values),
    )
