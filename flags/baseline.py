"""Flags of `trainers.baseline`: the settings of `BaselineConfig`."""

from darts_tf.experiments.convolutional_baseline.experiment import ConvolutionalBaseline
from flags.run_flags import RunFlags

baseline_flags = RunFlags(ConvolutionalBaseline)
