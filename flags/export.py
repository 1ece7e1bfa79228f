"""Flags of `trainers.export`: the settings of `ExportConfig`."""

from darts_tf.serving.export_config import ExportConfig
from flags.setting_flags import SettingFlags

export_flags = SettingFlags(ExportConfig)
