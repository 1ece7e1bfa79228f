"""An oracle on a toy objective, by hand and without a network."""

import json
from collections.abc import Callable

import keras_tuner
from keras_tuner.engine.trial import Trial

from darts_tf.rivals import get_strategy
from darts_tf.space.search_space import SearchSpace
from darts_tf.tuning.hyperparameters import genotype_of
from darts_tf.tuning.oracle import StrategyOracle
from tests.rivals.small_spaces import EDGES, SHORT, toy_score

SCORE = keras_tuner.Objective("score", "max")


class Clock:
    """A clock that stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def strategy_oracle(
    folder,
    name: str = "evolution",
    space: SearchSpace = EDGES,
    seed: int = 0,
    objective: keras_tuner.Objective = SCORE,
    **arguments,
) -> StrategyOracle:
    """Makes the oracle of a strategy with short settings, in a folder."""
    strategy = get_strategy(name)(space, seed, **SHORT[name])
    return placed(StrategyOracle(strategy, objective, **arguments), folder)


def placed(oracle: keras_tuner.Oracle, folder) -> keras_tuner.Oracle:
    """Gives an oracle its folder, as a tuner does, and makes it silent."""
    oracle._set_project_dir(str(folder), "search")
    oracle.verbose = 0
    return oracle


def score_of(trial: Trial, space: SearchSpace = EDGES) -> float:
    return toy_score(genotype_of(space, trial.hyperparameters))


def report(
    oracle: keras_tuner.Oracle,
    trial: Trial,
    score: float | None = None,
    status: str = "COMPLETED",
    name: str = "score",
) -> None:
    """Reports a trial and ends it, as a tuner does."""
    if status == "COMPLETED":
        score = score_of(trial) if score is None else score
        oracle.update_trial(trial.trial_id, {name: score})
    trial.status = status
    oracle.end_trial(trial)


def run(
    oracle: keras_tuner.Oracle,
    evaluate: Callable[[Trial], float] = score_of,
    most: int = 10**6,
    tuner_id: str = "tuner0",
) -> keras_tuner.Oracle:
    """Takes trials until the oracle stops, or `most` of them."""
    for _ in range(most):
        trial = oracle.create_trial(tuner_id)
        if trial.status == "STOPPED":
            break
        report(oracle, trial, evaluate(trial))
    return oracle


def sent(trial: Trial) -> Trial:
    """Returns a trial as it comes out of a message to or from the chief."""
    return Trial.from_proto(trial.to_proto())


def state_of(oracle: keras_tuner.Oracle) -> dict:
    """Returns the state as JSON has it, without what tells the time of the day.

    KerasTuner writes a set of names in any order.
    """
    state = json.loads(json.dumps(oracle.get_state()))
    del state["display"]
    state["tried_so_far"].sort()
    return state
