"""The policy of NATS-Bench: logits for each choice by itself (arXiv 2009.00437)."""

from collections.abc import Sequence

import numpy as np

from darts_tf.rivals.policy import Arrays, Policy, choice_loss, drawn, softmax

_DEVIATION = 1e-3


class TablePolicy(Policy):
    """Choices that do not depend on each other.

    Args:
        sizes: Number of options of each choice.
        rng: The source of the first logits, which are normal of deviation 1e-3.
    """

    def __init__(self, sizes: Sequence[int], rng: np.random.Generator):
        super().__init__(sizes)
        self.parameters = {
            f"logits_{index}": _DEVIATION * rng.normal(size=size)
            for index, size in enumerate(self.sizes)
        }

    def sample(self, number: int, rng: np.random.Generator) -> np.ndarray:
        columns = [
            drawn(np.tile(softmax(logits), (number, 1)), rng)
            for logits in self.parameters.values()
        ]
        return np.stack(columns, axis=1)

    def loss_and_gradients(
        self, options: np.ndarray, advantages: np.ndarray, entropy_weight: float
    ) -> tuple[float, Arrays]:
        total, gradients = 0.0, {}
        for (name, logits), column in zip(self.parameters.items(), options.T):
            probabilities = np.tile(softmax(logits), (len(options), 1))
            loss, gradient = choice_loss(
                probabilities, column, advantages, entropy_weight
            )
            total += loss
            gradients[name] = gradient.sum(axis=0)
        return total, gradients
