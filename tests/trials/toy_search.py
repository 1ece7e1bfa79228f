"""A search by trials of a toy objective, which takes no time."""

import time

from darts_tf.rivals import get_strategy
from darts_tf.trials.budget import Budget
from darts_tf.trials.history import Outcome, TrialHistory
from darts_tf.trials.search import search
from darts_tf.trials.trial_log import TrialLog
from tests.rivals.small_spaces import EDGES, SHORT


def history(path, method="evolution", seed=1):
    """Returns the history that a log holds."""
    strategy = get_strategy(method)(EDGES, seed, **SHORT[method])
    return TrialHistory(strategy, TrialLog(path))


def outcome(trial):
    """Returns what comes of a trial: many convolutions are good."""
    (cell,) = trial.genotype.cells.values()
    score = cell.count("nor_conv_3x3") - trial.number / 1000
    return Outcome(score, steps=10, seconds=0.5, metrics={"weights": trial.number})


def run(path, method="evolution", budget="40", workers=1, evaluate=outcome, told=None):
    """Searches until the budget is spent; returns the history."""
    found = history(path, method)
    search(
        found, Budget.parse(budget), evaluate, workers, told or (lambda number: None)
    )
    return found


def run_slowly(path):
    """Searches in a process that is killed before it ends."""

    def evaluate(trial):
        time.sleep(0.005)
        return outcome(trial)

    run(path, evaluate=evaluate)
