"""Flags of `trainers.importance`: the settings of `ImportanceConfig`."""

from absl import flags

from darts_tf.experiments.importance import ImportanceConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ImportanceConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImportanceConfig` that the parsed flags describe."""
    return setting_flags.to_config(ImportanceConfig, flag_values)
