"""Flags of `trainers.search_rnn`: the settings of `RecurrentSearchConfig`."""

from absl import flags

from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from flags import run_flags, setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return run_flags.define(RecurrentSearchConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `RecurrentSearchConfig` that the parsed flags describe."""
    return setting_flags.to_config(RecurrentSearchConfig, flag_values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return run_flags.output_folder("search_rnn", flag_values)
