"""Flags of `trainers.baseline_rnn`: the settings of `RecurrentBaselineConfig`."""

from darts_tf.experiments.recurrent_baseline.experiment import RecurrentBaseline
from flags.run_flags import RunFlags

baseline_flags = RunFlags(RecurrentBaseline)
