"""Flags of `trainers.zoo`: the settings of `TablesConfig`."""

from darts_tf.published_tables.config import TablesConfig
from flags.setting_flags import SettingFlags

zoo_flags = SettingFlags(TablesConfig)
