"""Flags of `trainers.compare`: the settings of `ComparisonConfig`."""

from absl import flags

from darts_tf.comparison.config import ComparisonConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(ComparisonConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ComparisonConfig` that the parsed flags describe."""
    return setting_flags.to_config(ComparisonConfig, flag_values)
