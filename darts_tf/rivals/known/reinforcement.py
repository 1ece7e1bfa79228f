"""Reinforcement learning of a policy that makes the choices (arXiv 1707.07012)."""

from types import MappingProxyType
from typing import Any

import numpy as np

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.adam import Adam
from darts_tf.rivals.lstm_policy import LSTMPolicy
from darts_tf.rivals.saved_arrays import load_arrays, save_arrays
from darts_tf.rivals.strategy import (
    Options,
    Strategy,
    Trial,
    require_count,
    require_number,
)
from darts_tf.rivals.table_policy import TablePolicy
from darts_tf.space.search_space import SearchSpace

LSTM, TABLE = "lstm", "table"


class Reinforcement(Strategy):
    """REINFORCE with a baseline, on the choices of the space one after the other.

    A batch of genotypes is drawn from the policy. When their scores are there, Adam
    moves it against the gradient of the loss in `policy`, where the advantage of a
    genotype is its score without the baseline, a moving average of the scores, of which
    this batch is the newest. The average is divided by the sum of its weights, so that
    its beginning at 0 does not count. No weights of networks are shared.

    The paper takes a step by proximal policy optimization of the same gradient, and
    tries 20,000 networks; its rate of learning is for so many.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        policy: `"lstm"`, where a choice depends on those before it, or `"table"`, a
            row of logits for each choice.
        units: Of the LSTM.
        learning_rate: Of Adam.
        baseline_momentum: Weight of the older scores in the baseline.
        entropy_weight: What a nat of the entropy is worth, in units of the score.
        batch_size: Number of genotypes of a step.
    """

    name = "reinforcement"
    source = "NASNet, arXiv 1707.07012, appendix A.2"
    search_method = "RL"
    CONFIGURATIONS = MappingProxyType(
        {
            "paper": MappingProxyType({}),
            "nats_bench": MappingProxyType(
                {
                    "policy": TABLE,
                    "learning_rate": 0.01,
                    "baseline_momentum": 0.9,
                    "entropy_weight": 0.0,
                    "batch_size": 1,
                }
            ),
        }
    )

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        policy: str = LSTM,
        units: int = 100,
        learning_rate: float = 3.5e-4,
        baseline_momentum: float = 0.95,
        entropy_weight: float = 1e-5,
        batch_size: int = 20,
    ):
        if policy not in (LSTM, TABLE):
            raise invalid_value("policy", f"{LSTM!r} or {TABLE!r}", policy)
        settings = {
            "policy": policy,
            "units": require_count("units", units),
            "learning_rate": require_number("learning_rate", learning_rate),
            "baseline_momentum": require_number(
                "baseline_momentum", baseline_momentum, most=1
            ),
            "entropy_weight": require_number("entropy_weight", entropy_weight),
            "batch_size": require_count("batch_size", batch_size),
        }
        super().__init__(space, seed, **settings)
        sizes = tuple(self._choices.values())
        self._policy = (
            LSTMPolicy(sizes, units, self._rng)
            if policy == LSTM
            else TablePolicy(sizes, self._rng)
        )
        self._optimizer = Adam(self._policy.parameters, learning_rate)
        # The moving sums of scores and of their weights.
        self._sums = [0.0, 0.0]
        self._queue: list[list[int]] = []
        self._batch: list[tuple[list[int], float]] = []

    @property
    def baseline(self) -> float:
        """The moving average of the scores; 0 before the first batch."""
        scores, weights = self._sums
        return scores / weights if weights else 0.0

    def _propose(self) -> SavedGenotype:
        if not self._queue:
            number = self.settings["batch_size"]
            self._queue = self._policy.sample(number, self._rng).tolist()
        return self.space.decode(self._queue.pop(0))

    def _observe(self, trial: Trial, options: Options) -> None:
        self._batch.append((list(options), trial.score))
        if len(self._batch) < self.settings["batch_size"]:
            return
        options, scores = map(np.array, zip(*self._batch))
        self._batch = []
        # Those that nobody has asked for are of the policy as it was.
        self._queue = []
        momentum = self.settings["baseline_momentum"]
        for index, new in enumerate((scores.mean(), 1.0)):
            old = self._sums[index]
            self._sums[index] = float(momentum * old + (1 - momentum) * new)
        _, gradients = self._policy.loss_and_gradients(
            options, scores - self.baseline, self.settings["entropy_weight"]
        )
        self._optimizer.apply(gradients)

    def _own_state(self) -> dict[str, Any]:
        return {
            "parameters": save_arrays(self._policy.parameters),
            "optimizer": self._optimizer.state,
            "sums": self._sums,
            "queue": self._queue,
            "batch": [[options, score] for options, score in self._batch],
        }

    def _restore(self, own: Any) -> None:
        load_arrays(self._policy.parameters, own["parameters"])
        self._optimizer.state = own["optimizer"]
        self._sums = [float(x) for x in own["sums"]]
        self._queue = [list(options) for options in own["queue"]]
        self._batch = [(list(options), float(score)) for options, score in own["batch"]]
