"""A whole search of a recurrent cell by trials: from a text to a report."""

from darts_tf.experiments.by_trials.template import BaselineExperiment
from darts_tf.experiments.recurrent_baseline import trial
from darts_tf.experiments.recurrent_baseline.config import RecurrentBaselineConfig
from darts_tf.experiments.recurrent_baseline.page import (
    WORDS,
    write_recurrent_baseline_report,
)
from darts_tf.experiments.recurrent_baseline.results import (
    COLUMNS,
    CONFIG_FORMAT,
    RecurrentBaselineRun,
    read_recurrent_baseline_run,
)
from darts_tf.experiments.recurrent_evaluation.data import LanguageData


class RecurrentBaseline(BaselineExperiment):
    """Search of a recurrent cell by a rival of DARTS (paper, section 3.3)."""

    NAME = "baseline_rnn"
    FORMAT, COLUMNS, WORDS = CONFIG_FORMAT, COLUMNS, WORDS
    SCORE = RecurrentBaselineRun.SCORE
    Config, Data = RecurrentBaselineConfig, LanguageData
    describe, train = staticmethod(trial.describe), staticmethod(trial.train)
    read = staticmethod(read_recurrent_baseline_run)
    write_page = staticmethod(write_recurrent_baseline_report)
