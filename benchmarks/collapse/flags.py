"""Flags of `benchmarks.collapse`: the settings of `CollapseConfig`."""

from benchmarks.collapse.settings import CollapseConfig
from flags.setting_flags import SettingFlags

collapse_flags = SettingFlags(CollapseConfig)
