"""The optimizers of the search, as the authors' code has them.

Keras' own differ in ways that change results: the momentum buffer of its SGD
contains the learning rate, so that a changing rate acts on old gradients too; its
weight decay is decoupled from the gradient; its Adam adds epsilon at another place.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.traced import traced
from darts_tf.keras_private import (
    JointlyMovingOptimizer,
    adam_moments,
    variable_index,
)
from darts_tf.traced_device import traces_for_gpu


@keras.saving.register_keras_serializable("darts_tf")
class MomentumSGD(JointlyMovingOptimizer):
    """Gradient descent whose momentum buffer is free of the learning rate.

        gradient = gradient + coupled_weight_decay * w
        buffer = momentum * buffer + gradient,    w = w - learning_rate * buffer

    With Nesterov's momentum w moves by `momentum * buffer + gradient` instead, the
    buffer being the new one.

    Args:
        learning_rate: Float or schedule.
        momentum: Float in [0, 1).
        coupled_weight_decay: Float, added to the gradient as that of an L2 penalty
            of half this size.
        nesterov: Whether the momentum is Nesterov's.
    """

    def __init__(
        self,
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 0.025,
        momentum: float = 0.9,
        coupled_weight_decay: float = 3e-4,
        nesterov: bool = False,
        name: str = "momentum_sgd",
        **kwargs: Any,
    ):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = momentum
        self.coupled_weight_decay = coupled_weight_decay
        self.nesterov = nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.buffers = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient, variable, learning_rate):
        buffer = self.buffers[variable_index(self, variable)]
        moved = self._moved_buffer(gradient, variable, buffer)
        direction = self._direction(gradient, variable, moved)
        self.assign(buffer, moved)
        self.assign_sub(variable, tf.cast(learning_rate, direction.dtype) * direction)

    def move(
        self,
        gradients: Sequence[tf.Tensor],
        variables: Sequence[keras.Variable],
        learning_rate: tf.Tensor,
    ) -> None:
        """Moves the variables, on a GPU by one program of XLA.

        It would wait there for half a dozen small operations for each variable.
        """
        several = tf.distribute.get_strategy().num_replicas_in_sync > 1
        if several or not traces_for_gpu():
            super().move(gradients, variables, learning_rate)
            return
        buffers = [self.buffers[variable_index(self, x)] for x in variables]
        moved = self._joint_step(
            [tf.convert_to_tensor(x) for x in gradients],
            [tf.convert_to_tensor(x) for x in variables],
            [tf.convert_to_tensor(x) for x in buffers],
            tf.convert_to_tensor(learning_rate),
        )
        for variable, value in zip([*variables, *buffers], tf.nest.flatten(moved)):
            self.assign(variable, value)

    @functools.cached_property
    def _joint_step(self):
        """Function of gradients, values and buffers that returns the latter moved."""

        def step(gradients, values, buffers, learning_rate):
            moved = [*map(self._moved_buffer, gradients, values, buffers)]
            directions = map(self._direction, gradients, values, moved)
            rate = tf.cast(learning_rate, values[0].dtype)
            return [w - rate * x for w, x in zip(values, directions)], moved

        return traced(step, jit_compile=True)

    def direction(
        self, gradients: Iterable[tf.Tensor], variables: Iterable[tf.Tensor]
    ) -> list[tf.Tensor]:
        """The step that `apply` would take next, per unit of learning rate.

        Args:
            gradients: List of tensors, one for each variable of the optimizer.
            variables: List of tensors, the values of those variables.

        Returns:
            List of tensors. Nothing is changed.
        """
        return [
            self._direction(g, x, self._moved_buffer(g, x, buffer))
            for g, x, buffer in zip(gradients, variables, self.buffers)
        ]

    @property
    def slope(self) -> float:
        """Derivative of the direction in the gradient."""
        return 1 + self.momentum if self.nesterov else 1

    def _moved_buffer(self, gradient, variable, buffer):
        return self.momentum * buffer + gradient + self.coupled_weight_decay * variable

    def _direction(self, gradient, variable, moved):
        if not self.nesterov:
            return moved
        decayed = gradient + self.coupled_weight_decay * variable
        return self.momentum * moved + decayed

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "coupled_weight_decay": self.coupled_weight_decay,
            "nesterov": self.nesterov,
        }


@keras.saving.register_keras_serializable("darts_tf")
class CoupledAdam(keras.optimizers.Adam):
    """Adam with weight decay in the gradient, and epsilon after the bias correction.

        gradient = gradient + coupled_weight_decay * alpha
        alpha = alpha - learning_rate * (m / (1 - beta_1^t))
                / (sqrt(v / (1 - beta_2^t)) + epsilon)

    Args:
        learning_rate: Float or schedule.
        beta_1, beta_2, epsilon: Floats.
        coupled_weight_decay: Float.
    """

    def __init__(
        self,
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 3e-4,
        beta_1: float = 0.5,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        coupled_weight_decay: float = 1e-3,
        name: str = "coupled_adam",
        **kwargs: Any,
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, name=name, **kwargs)
        self.coupled_weight_decay = coupled_weight_decay

    def update_step(self, gradient, variable, learning_rate):
        dtype = variable.dtype
        step = tf.cast(self.iterations + 1, dtype)
        gradient = gradient + self.coupled_weight_decay * variable
        m, v = adam_moments(self, variable_index(self, variable))
        self.assign(m, self.beta_1 * m + (1 - self.beta_1) * gradient)
        self.assign(v, self.beta_2 * v + (1 - self.beta_2) * gradient**2)
        corrected_m = m / (1 - tf.constant(self.beta_1, dtype) ** step)
        corrected_v = v / (1 - tf.constant(self.beta_2, dtype) ** step)
        change = corrected_m / (tf.sqrt(corrected_v) + self.epsilon)
        self.assign_sub(variable, tf.cast(learning_rate, dtype) * change)

    def get_config(self):
        return {
            **super().get_config(),
            "coupled_weight_decay": self.coupled_weight_decay,
        }
