"""Flags of trainings for images: the settings of `ImageTrainingConfig`."""

from darts_tf.experiments.convolutional_evaluation.experiment import (
    ConvolutionalEvaluation,
)
from flags.run_flags import RunFlags

training_flags = RunFlags(ConvolutionalEvaluation, evaluates=True)
