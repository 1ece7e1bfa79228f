"""Flags of trainings for texts: the settings of `LanguageConfig`."""

from absl import flags

from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from flags import run_flags, setting_flags


def define(defaults, flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return run_flags.define_with_evaluation(defaults, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `LanguageConfig` that the parsed flags describe."""
    return setting_flags.to_config(LanguageConfig, flag_values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return run_flags.output_folder("language", flag_values)
