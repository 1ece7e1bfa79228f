"""Flags of trainings for images: the settings of `ImageTrainingConfig`."""

from absl import flags

from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from flags import run_flags, setting_flags


def define(defaults, flag_values=flags.FLAGS):
    """Defines the flags in `flag_values`; returns their helps by group."""
    return run_flags.define_with_evaluation(defaults, flag_values)


def to_config(flag_values=flags.FLAGS):
    """Returns the `ImageTrainingConfig` that the parsed flags describe."""
    return setting_flags.to_config(ImageTrainingConfig, flag_values)


def output_folder(flag_values=flags.FLAGS):
    """Returns the run folder: `--output`, or one named after the present time."""
    return run_flags.output_folder("eval", flag_values)
