"""Flags of `trainers.zoo`: the settings of `TablesConfig`."""

from absl import flags

from darts_tf.published_tables.config import TablesConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(TablesConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `TablesConfig` that the parsed flags describe."""
    return setting_flags.to_config(TablesConfig, flag_values)
