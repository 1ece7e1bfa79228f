"""Flags of `trainers.search`: the settings of `SearchConfig`."""

from absl import flags

from darts_tf.experiments.convolutional_search.config import SearchConfig
from flags import run_flags, setting_flags


def define(flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return run_flags.define(SearchConfig(), flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `SearchConfig` that the parsed flags describe."""
    return setting_flags.to_config(SearchConfig, flag_values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return run_flags.output_folder("search", flag_values)
