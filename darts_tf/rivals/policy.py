"""Distributions over the options of a row of choices, with their policy gradient.

A policy gives every choice a distribution, which may depend on the choices before it.
With the advantages A of cells drawn from it REINFORCE descends (Williams 1992)

    L = -mean over the cells of (A log p(cell) + entropy_weight * H),

where log p is the sum over the choices, and H that of the entropies of their
distributions.
"""

import abc
from collections.abc import Sequence

import numpy as np

Arrays = dict[str, np.ndarray]


class Policy(abc.ABC):
    """A distribution over rows of options.

    Args:
        sizes: Number of options of each choice.

    Attributes:
        sizes: The same.
        parameters: Its arrays by name, which an optimizer changes in place.
    """

    def __init__(self, sizes: Sequence[int]):
        self.sizes = tuple(sizes)
        self.parameters: Arrays = {}

    @abc.abstractmethod
    def sample(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Draws rows of options.

        Args:
            number: Of rows.
            rng: The source of randomness.

        Returns:
            Integers, of shape `(number, choices)`.
        """

    @abc.abstractmethod
    def loss_and_gradients(
        self, options: np.ndarray, advantages: np.ndarray, entropy_weight: float
    ) -> tuple[float, Arrays]:
        """Returns the loss and its gradients by the names of the parameters.

        Args:
            options: Rows of options, of shape `(rows, choices)`.
            advantages: Of each row, of shape `(rows,)`.
            entropy_weight: Weight of the entropies.
        """


def softmax(logits: np.ndarray) -> np.ndarray:
    """Returns the softmax over the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def drawn(probabilities: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draws an option from each row of probabilities, of shape `(rows, options)`."""
    thresholds = rng.random((len(probabilities), 1))
    passed = (probabilities.cumsum(axis=-1) < thresholds).sum(axis=-1)
    # The sum of a row may be below 1 by rounding.
    return np.minimum(passed, probabilities.shape[-1] - 1)


def choice_loss(
    probabilities: np.ndarray,
    options: np.ndarray,
    advantages: np.ndarray,
    entropy_weight: float,
) -> tuple[float, np.ndarray]:
    """Returns a choice's part of the loss, and its gradient in the logits.

    Args:
        probabilities: Of the options, of shape `(rows, options)`.
        options: Those of the cells, of shape `(rows,)`.
        advantages: Of the cells, of shape `(rows,)`.
        entropy_weight: Weight of the entropies.
    """
    rows = np.arange(len(options))
    logarithms = np.log(np.maximum(probabilities, np.finfo(float).tiny))
    entropies = -(probabilities * logarithms).sum(axis=-1)
    gains = advantages * logarithms[rows, options] + entropy_weight * entropies
    # d(-log p_o)/dz = p - onehot(o), and d(-H)/dz = p (log p + H).
    gradient = advantages[:, None] * probabilities
    gradient[rows, options] -= advantages
    descent = probabilities * (logarithms + entropies[:, None])
    return -gains.mean(), (gradient + entropy_weight * descent) / len(options)
