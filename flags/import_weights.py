"""Flags of `trainers.import_weights`: the settings of `ImportConfig`."""

from darts_tf.weights.import_weights import ImportConfig
from flags.setting_flags import SettingFlags

import_flags = SettingFlags(ImportConfig)
