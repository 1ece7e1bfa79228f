"""Relaxations: from architecture parameters to the coefficients of the operations."""

import dataclasses
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from darts_tf.method.slots import (
    PACKAGE,
    Arrays,
    Parameter,
    ParametricSlot,
    Progress,
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

    Attributes:
        samples: Whether a draw is one of operations, so that what they cost in a step
            is the cost of the draw.
    """

    samples: ClassVar[bool] = False

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

    def soft_strengths(self, space: CellSpace, values: Values) -> tf.Tensor:
        """Returns the same as `strengths`, as a function that gradients go through.

        Here they are the coefficients outside of a step.

        Args:
            space: The cells.
            values: The values of `parameters`.
        """
        return self.coefficients(space, values)


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

    def soft_strengths(self, space: CellSpace, values: Values) -> tf.Tensor:
        return tf.nn.softmax(values["alpha"])


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Sigmoid(Relaxation):
    """Sigmoid of each alpha, which begins at 0 (FairDARTS, arXiv 1911.12126)."""

    def parameters(self, space: CellSpace) -> dict[str, Parameter]:
        return {"alpha": Parameter(space.alpha_shape, keras.initializers.Zeros())}

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        return tf.sigmoid(values["alpha"])

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray:
        return 1 / (1 + np.exp(-arrays["alpha"].astype(np.float64)))


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class AnnealedSoftmax(Softmax):
    """Softmax of alpha over a temperature that falls (ASAP, arXiv 1904.04123).

    Args:
        temperature: Temperature of the first epoch.
        last_temperature: That of the last epoch; each epoch has the same factor.
        epochs: Number of epochs.
    """

    temperature: float = 1.6
    last_temperature: float = 0.13
    epochs: int = 50

    @property
    def draws(self) -> bool:
        return (self.temperature, self.last_temperature) != (1.0, 1.0)

    def draw(self, space: CellSpace, seed: tf.Tensor, progress: Progress) -> tf.Tensor:
        return self.settled(space, progress)

    def settled(self, space: CellSpace, progress: Progress) -> tf.Tensor:
        done = tf.cast(progress.epoch, tf.float64) / max(self.epochs - 1, 1)
        ratio = tf.constant(self.last_temperature / self.temperature, tf.float64)
        return self.temperature * ratio**done

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        alpha = values["alpha"]
        if drawn is not None:
            alpha /= tf.cast(drawn, alpha.dtype)
        return tf.nn.softmax(alpha)


def softmax(alpha: np.ndarray) -> np.ndarray:
    """Returns the coefficients of the operations, in float64 (paper, equation 2).

    Args:
        alpha: Architecture parameters of shape `(..., operations)`.
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    exponentials = np.exp(alpha - alpha.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
