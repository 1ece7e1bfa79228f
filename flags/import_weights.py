"""Flags of `trainers.import_weights`: the settings of `ImportConfig`."""

from absl import flags

from darts_tf.weights.import_weights import ImportConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ImportConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImportConfig` that the parsed flags describe."""
    return setting_flags.to_config(ImportConfig, flag_values)
