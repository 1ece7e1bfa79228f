"""Adam on numpy's arrays (arXiv 1412.6980, algorithm 1)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from darts_tf.rivals.saved_arrays import load_arrays, save_arrays

Arrays = dict[str, np.ndarray]


class Adam:
    """Moves parameters against their gradients.

    Args:
        parameters: The arrays by name, which are changed in place.
        learning_rate: Length of a step.
        beta_1, beta_2: Decays of the means of the gradient and of its square.
        epsilon: Added to the root of the latter.
    """

    def __init__(
        self,
        parameters: Arrays,
        learning_rate: float,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
    ):
        self._parameters = parameters
        self._learning_rate = learning_rate
        self._betas = beta_1, beta_2
        self._epsilon = epsilon
        self._steps = 0
        self._means = {name: np.zeros_like(x) for name, x in parameters.items()}
        self._squares = {name: np.zeros_like(x) for name, x in parameters.items()}

    def apply(self, gradients: Mapping[str, np.ndarray]) -> None:
        """Takes a step.

        Args:
            gradients: Those of all parameters, by the same names.
        """
        self._steps += 1
        first, second = (1 - beta**self._steps for beta in self._betas)
        beta_1, beta_2 = self._betas
        for name, parameter in self._parameters.items():
            gradient, mean = gradients[name], self._means[name]
            square = self._squares[name]
            mean += (1 - beta_1) * (gradient - mean)
            square += (1 - beta_2) * (gradient**2 - square)
            step = mean / first / (np.sqrt(square / second) + self._epsilon)
            parameter -= self._learning_rate * step

    @property
    def state(self) -> dict[str, Any]:
        """The number of steps and the means, as JSON has them."""
        return {
            "steps": self._steps,
            "means": save_arrays(self._means),
            "squares": save_arrays(self._squares),
        }

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._steps = int(state["steps"])
        load_arrays(self._means, state["means"])
        load_arrays(self._squares, state["squares"])
