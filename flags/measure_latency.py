"""Flags of `trainers.measure_latency`: the settings of `LatencyConfig`."""

from absl import flags

from darts_tf.experiments.costs.latency_settings import LatencyConfig
from flags import setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return setting_flags.define(LatencyConfig, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `LatencyConfig` that the parsed flags describe."""
    return setting_flags.to_config(LatencyConfig, flag_values)
