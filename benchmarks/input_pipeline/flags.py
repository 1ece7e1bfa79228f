"""Flags of `benchmarks.input_pipeline`: the settings of `PipelineConfig`."""

from absl import flags

from benchmarks.input_pipeline.settings import PipelineConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(PipelineConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `PipelineConfig` that the parsed flags describe."""
    return setting_flags.to_config(PipelineConfig, flag_values)
