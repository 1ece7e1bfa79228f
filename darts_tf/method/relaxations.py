"""Relaxations: from architecture parameters to the coefficients of the operations."""

import dataclasses
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from darts_tf.method.slots import (
    PACKAGE,
    Arrays,
    Parameter,
    ParametricSlot,
    Values,
)
from darts_tf.space.cell_space import CellSpace

_ALPHA_STDDEV = 1e-3


@dataclasses.dataclass(frozen=True)
class Relaxation(ParametricSlot):
    """Base of relaxations.

    `coefficients` is what the network computes with, in TensorFlow; `strengths` is what
    a genotype is derived from and a report shows, the same formula in numpy where
    nothing is drawn.
    """

    def parameters(self, space: CellSpace) -> dict[str, Parameter]:
        """Returns alpha; a subclass may have others beside it."""
        initializer = keras.initializers.RandomNormal(stddev=_ALPHA_STDDEV)
        return {"alpha": Parameter(space.alpha_shape, initializer)}

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        """Returns the coefficients of the operations, shape `(edges, operations)`.

        Args:
            space: The cells.
            values: The values of `parameters`.
            drawn: What `draw` gave, or `None` outside of a step.
        """
        raise NotImplementedError

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray:
        """Returns the strengths of the operations, shape `(edges, operations)`.

        Args:
            space: The cells.
            arrays: The values of `parameters`.
        """
        raise NotImplementedError


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Softmax(Relaxation):
    """Softmax over the operations of an edge (paper, equation 2)."""

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        return tf.nn.softmax(values["alpha"])

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray:
        return softmax(arrays["alpha"])


def softmax(alpha: np.ndarray) -> np.ndarray:
    """Returns the coefficients of the operations, in float64 (paper, equation 2).

    Args:
        alpha: Architecture parameters of shape `(..., operations)`.
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    exponentials = np.exp(alpha - alpha.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
