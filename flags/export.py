"""Flags of `trainers.export`: the settings of `ExportConfig`."""

from absl import flags

from darts_tf.serving.export_config import ExportConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ExportConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ExportConfig` that the parsed flags describe."""
    return setting_flags.to_config(ExportConfig, flag_values)
