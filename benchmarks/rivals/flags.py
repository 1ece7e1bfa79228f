"""Flags of `benchmarks.rivals`: the settings of `RivalsConfig`."""

from benchmarks.rivals.settings import RivalsConfig
from flags.setting_flags import SettingFlags

rivals_flags = SettingFlags(RivalsConfig)
