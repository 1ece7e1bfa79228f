"""The strategies of `darts_tf.rivals` as oracles of KerasTuner."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import Trial

from darts_tf.errors import invalid_value
from darts_tf.rivals.strategy import Strategy
from darts_tf.tuning.hyperparameters import (
    genotype_of,
    genotype_values,
    space_hyperparameters,
)
from darts_tf.tuning.leases import RUNNING, LeasedOracle


class StrategyOracle(LeasedOracle):
    """A strategy as an oracle, for any tuner of KerasTuner.

    The hyperparameters are the choices of the strategy's space, see
    `space_hyperparameters`. Others that a `HyperModel` asks for have their defaults,
    since the strategy knows of cells alone. A trial that has failed, or whose objective
    is no finite number, is not told to the strategy.

    All that it knows is in its state, the strategy's among it: the oracle of a worker
    only lends some settings to KerasTuner's `OracleClient`.

    Args:
        strategy: A `Strategy` that has not been asked yet; its seed is that of the
            search.
        objective: Name of the metric, if KerasTuner knows its direction, or a
            `keras_tuner.Objective`. The strategy is told its value, or the negative of
            it if it is to be minimized.
        max_trials: Number of trials, or `None` for no end.
        worker_timeout: Seconds without a report after which the trial of a worker goes
            to another one, see `LeasedOracle`.
        clock: Function that returns the time in seconds.
        max_retries_per_trial: How often a trial that has failed is tried again.
        max_consecutive_failed_trials: After so many failures in a row the search stops.

    Raises:
        ValueError: If an argument is malformed.

    Example:

    ```python
    from darts_tf.rivals import get_strategy
    from darts_tf.space import convolutional_space

    space = convolutional_space(("none", "skip_connect", "sep_conv_3x3"))
    strategy = get_strategy("evolution")(space, seed=1, population=20, sample=5)
    oracle = StrategyOracle(strategy, "val_accuracy", max_trials=100)
    ```
    """

    def __init__(
        self,
        strategy: Strategy,
        objective: str | keras_tuner.Objective,
        max_trials: int | None = None,
        worker_timeout: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        max_retries_per_trial: int = 0,
        max_consecutive_failed_trials: int = 3,
    ):
        if not isinstance(strategy, Strategy):
            raise invalid_value("strategy", "a `Strategy`", strategy)
        self.strategy = strategy
        super().__init__(
            objective=objective,
            max_trials=max_trials,
            hyperparameters=space_hyperparameters(strategy.space),
            tune_new_entries=False,
            # It draws nothing itself, and without a seed would take a random one.
            seed=1,
            max_retries_per_trial=max_retries_per_trial,
            max_consecutive_failed_trials=max_consecutive_failed_trials,
            worker_timeout=worker_timeout,
            clock=clock,
        )

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Asks the strategy for the genotype of a new trial."""
        values = genotype_values(self.strategy.space, self.strategy.ask())
        return {"status": RUNNING, "values": values}

    def score_trial(self, trial: Trial) -> None:
        """Scores a trial that is completed, and tells the strategy."""
        super().score_trial(trial)
        if not math.isfinite(trial.score):
            # Which KerasTuner takes for a failure.
            trial.score = math.nan
            return
        sign = 1 if self.objective.direction == "max" else -1
        genotype = genotype_of(self.strategy.space, trial.hyperparameters)
        self.strategy.tell(genotype, sign * float(trial.score))

    def get_state(self) -> dict[str, Any]:
        return {**super().get_state(), "strategy": self.strategy.state}

    def set_state(self, state: Mapping[str, Any]) -> None:
        super().set_state(state)
        self.strategy.state = state["strategy"]
