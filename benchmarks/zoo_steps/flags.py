"""Flags of `benchmarks.zoo_steps`: the settings of `ZooBenchmarkConfig`."""

from benchmarks.zoo_steps.settings import ZooBenchmarkConfig
from flags.setting_flags import SettingFlags

zoo_steps_flags = SettingFlags(ZooBenchmarkConfig)
