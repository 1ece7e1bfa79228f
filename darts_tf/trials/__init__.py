"""Trials of genotypes: their budget, their log, and the course of a search by them."""

from darts_tf.trials.budget import Budget as Budget
from darts_tf.trials.budget import Spent as Spent
from darts_tf.trials.history import Outcome as Outcome
from darts_tf.trials.history import TrialHistory as TrialHistory
from darts_tf.trials.trial_log import TrialLog as TrialLog
