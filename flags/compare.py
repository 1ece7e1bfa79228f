"""Flags of `trainers.compare`: the settings of `ComparisonConfig`."""

from darts_tf.comparison.config import ComparisonConfig
from flags.setting_flags import SettingFlags

compare_flags = SettingFlags(ComparisonConfig)
