"""Flags of trainings for texts: the settings of `LanguageConfig`."""

from darts_tf.experiments.recurrent_evaluation.experiment import RecurrentEvaluation
from flags.run_flags import RunFlags

training_flags = RunFlags(RecurrentEvaluation, evaluates=True)
