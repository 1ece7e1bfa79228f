"""Flags of `trainers.measure_latency`: the settings of `LatencyConfig`."""

from darts_tf.experiments.costs.latency_settings import LatencyConfig
from flags.setting_flags import SettingFlags

latency_flags = SettingFlags(LatencyConfig)
