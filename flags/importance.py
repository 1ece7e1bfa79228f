"""Flags of `trainers.importance`: the settings of `ImportanceConfig`."""

from darts_tf.experiments.importance import ImportanceConfig
from flags.setting_flags import SettingFlags

importance_flags = SettingFlags(ImportanceConfig)
