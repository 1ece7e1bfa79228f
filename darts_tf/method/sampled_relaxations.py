"""Relaxations that draw the coefficients of the operations anew in each step."""

import dataclasses
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from darts_tf.method.relaxations import Softmax
from darts_tf.method.slots import PACKAGE, Progress, Values
from darts_tf.space.cell_space import CellSpace


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class GumbelSoftmax(Softmax):
    """Softmax of alpha and Gumbel noise, over a temperature (equation 4 of SNAS).

    SNAS (arXiv 1812.09926) takes it as it is. Hard, as in GDAS (arXiv 1910.04465), the
    coefficient of the largest one is 1 and the others are 0, and the gradient in the
    one is that of its softmax.

    Without noise an evaluation takes the softmax of alpha, or its largest one.

    Args:
        hard: Whether one operation alone is chosen.
        temperature: That of the first epoch.
        last_temperature: That of the last epoch; it changes linearly.
        epochs: Number of epochs.
        noise: Whether there is any.
    """

    hard: bool = False
    temperature: float = 1.0
    last_temperature: float = 1.0
    epochs: int = 50
    noise: bool = True

    @property
    def samples(self) -> bool:
        return self.noise

    @property
    def draws(self) -> bool:
        return self.noise or (self.temperature, self.last_temperature) != (1.0, 1.0)

    def draw(
        self, space: CellSpace, seed: tf.Tensor, progress: Progress
    ) -> tuple[tf.Tensor | None, tf.Tensor]:
        noise = gumbel_noise(space.alpha_shape, seed) if self.noise else None
        done = tf.cast(progress.epoch, tf.float64) / max(self.epochs - 1, 1)
        return noise, self.temperature + done * (
            self.last_temperature - self.temperature
        )

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        logits = values["alpha"]
        if drawn is not None:
            noise, temperature = drawn
            if noise is not None:
                logits += tf.cast(noise, logits.dtype)
            logits /= tf.cast(temperature, logits.dtype)
        soft = tf.nn.softmax(logits)
        return _largest_alone(soft) if self.hard else soft


def gumbel_noise(shape: tuple[int, ...], seed: tf.Tensor) -> tf.Tensor:
    """Draws from the standard Gumbel distribution.

    Args:
        shape: Shape of the result.
        seed: Integer tensor of shape `(2,)`.
    """
    tiny = np.finfo(np.float32).tiny
    uniform = tf.random.stateless_uniform(shape, seed, minval=tiny)
    return -tf.math.log(-tf.math.log(uniform))


def _largest_alone(soft):
    """1 where a row is largest, with the gradient of what stands there, else 0."""
    chosen = tf.one_hot(tf.argmax(soft, axis=-1), soft.shape[-1], dtype=soft.dtype)
    return chosen * (soft + tf.stop_gradient(1 - soft))


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Dirichlet(Softmax):
    """A draw from Dirichlet(elu(alpha) + 1) on each edge (DrNAS, arXiv 2006.10355).

    It is made of gamma variables divided by their sum, and its gradient is that of the
    gamma variables at a fixed quantile. An evaluation takes the mean.
    """

    draws: ClassVar[bool] = True
    samples: ClassVar[bool] = True

    def draw(self, space: CellSpace, seed: tf.Tensor, progress: Progress) -> tf.Tensor:
        return seed

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> tf.Tensor:
        weights = concentration(values["alpha"])
        if drawn is not None:
            weights = tf.random.stateless_gamma(
                weights.shape, drawn, alpha=weights, dtype=weights.dtype
            )
        return normalized(weights)


def concentration(alpha: tf.Tensor) -> tf.Tensor:
    """Returns the parameters of the Dirichlet distributions, elu(alpha) + 1."""
    return tf.nn.elu(alpha) + 1


def normalized(weights: tf.Tensor) -> tf.Tensor:
    """Divides each row by its sum."""
    return weights / tf.reduce_sum(weights, axis=-1, keepdims=True)
