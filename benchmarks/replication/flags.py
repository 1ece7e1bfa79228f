"""Flags of `benchmarks.replication`: the settings of `ReplicationConfig`."""

from absl import flags

from benchmarks.replication.settings import ReplicationConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ReplicationConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ReplicationConfig` that the parsed flags describe."""
    return setting_flags.to_config(ReplicationConfig, flag_values)
