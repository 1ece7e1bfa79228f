"""Flags of `benchmarks.export_step`: the settings of `ExportStepConfig`."""

import dataclasses

from absl import flags

from benchmarks.export_step.settings import ExportStepConfig
from benchmarks.search_step import shared_flags
from benchmarks.search_step.settings import FULL_SIZES, SMALL_SIZES
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    sizes = shared_flags.define_sizes(SMALL_SIZES, FULL_SIZES, flag_values)
    return {"Sizes": sizes, **setting_flags.define(ExportStepConfig(), flag_values)}


def to_config(flag_values=flags.FLAGS):
    """Returns the `ExportStepConfig` that the parsed flags describe."""
    return dataclasses.replace(
        setting_flags.to_config(ExportStepConfig, flag_values),
        sizes=shared_flags.sizes_of(SMALL_SIZES, FULL_SIZES, flag_values),
    )
