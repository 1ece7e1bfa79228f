"""Flags of `benchmarks.replication`: the settings of `ReplicationConfig`."""

from benchmarks.replication.settings import ReplicationConfig
from flags.setting_flags import SettingFlags

replication_flags = SettingFlags(ReplicationConfig)
