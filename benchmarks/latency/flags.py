"""Flags of `benchmarks.latency`: the settings of `LatencyBenchmarkConfig`."""

from benchmarks.latency.settings import LatencyBenchmarkConfig
from flags.setting_flags import SettingFlags

latency_flags = SettingFlags(LatencyBenchmarkConfig)
