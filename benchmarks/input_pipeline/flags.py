"""Flags of `benchmarks.input_pipeline`: the settings of `PipelineConfig`."""

from benchmarks.input_pipeline.settings import PipelineConfig
from flags.setting_flags import SettingFlags

input_pipeline_flags = SettingFlags(PipelineConfig)
