"""Flags of `benchmarks.zero_cost`: the settings of `ZeroCostConfig`."""

from benchmarks.zero_cost.settings import ZeroCostConfig
from flags.setting_flags import SettingFlags

zero_cost_flags = SettingFlags(ZeroCostConfig)
