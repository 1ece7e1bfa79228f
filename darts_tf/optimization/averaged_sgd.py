"""Averaged gradient descent (Polyak and Juditsky), and when to begin averaging."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.keras_private import trained_variables, variable_index

_NEVER = tf.int64.max


@keras.saving.register_keras_serializable("darts_tf")
class AveragedSGD(keras.optimizers.Optimizer):
    """Gradient descent that can average the weights it passes through.

        w = w - learning_rate * (gradient + coupled_weight_decay * w)

    From `start_averaging` on, the mean of all w since is kept beside them; the steps
    are the same with and without it. The mean begins with the first of them; that of
    the authors' library begins with the second.

    Args:
        learning_rate: Float or schedule.
        coupled_weight_decay: Float, added to the gradient as that of an L2 penalty
            of half this size.

    Example:

    >>> w = keras.Variable(4.0)
    >>> optimizer = AveragedSGD(learning_rate=0.5, coupled_weight_decay=0.0)
    >>> optimizer.build([w])
    >>> optimizer.apply([w.value])  # w is 2.
    >>> if has_stopped_improving([1.0] * 6 + [2.0]):
    ...     optimizer.start_averaging()
    >>> optimizer.apply([w.value])  # w is 1.
    >>> optimizer.apply([w.value])  # w is 0.5.
    >>> with optimizer.averaged_weights():
    ...     print(float(w))
    0.75
    """

    def __init__(
        self,
        learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = 20.0,
        coupled_weight_decay: float = 8e-7,
        name: str = "averaged_sgd",
        **kwargs: Any,
    ):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.coupled_weight_decay = coupled_weight_decay

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.averages = self.add_optimizer_variables(variables, "average")
        # A variable, so that a checkpoint holds it and a traced step reads it.
        self.first_step = self.add_variable(
            shape=(), dtype="int64", initializer=_never, name="first_averaged_step"
        )

    def update_step(self, gradient, variable, learning_rate):
        average = self.averages[variable_index(self, variable)]
        direction = gradient + self.coupled_weight_decay * variable
        self.assign_sub(variable, tf.cast(learning_rate, direction.dtype) * direction)
        count = tf.maximum(tf.cast(self.iterations, tf.int64) - self.first_step + 1, 1)
        change = (variable - average) / tf.cast(count, direction.dtype)
        # With a count of 1 exactly w, without rounding.
        self.assign(average, tf.where(count == 1, variable, average + change))

    @property
    def is_averaging(self) -> bool:
        """Whether `start_averaging` was called."""
        return self.first_step.numpy() != _NEVER

    @property
    def has_averages(self) -> bool:
        """Whether a step has been averaged."""
        return self.first_step.numpy() < self.iterations.numpy()

    def start_averaging(self) -> None:
        """Averages from the next step on; does nothing if that has begun."""
        if not self.is_averaging:
            self.first_step.assign(self.iterations)

    @contextlib.contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """Puts the averages in the place of the weights for the time of a `with`.

        Before there is an average, the weights stay.
        """
        variables = trained_variables(self)
        weights = [tf.identity(variable) for variable in variables]
        if self.has_averages:
            for variable, average in zip(variables, self.averages):
                variable.assign(average)
        try:
            yield
        finally:
            for variable, weight in zip(variables, weights):
                variable.assign(weight)

    def get_config(self):
        return {
            **super().get_config(),
            "coupled_weight_decay": self.coupled_weight_decay,
        }


def _never(shape, dtype=None):
    return tf.fill(shape, tf.constant(_NEVER, dtype))


def has_stopped_improving(losses: Sequence[float], patience: int = 5) -> bool:
    """Says whether the last evaluation calls for averaging.

    It does if the last loss is above the best of all but the `patience` before it, so
    never at one of the first `patience + 1` evaluations.

    Args:
        losses: Validation loss of each evaluation so far.
        patience: Number of evaluations.
    """
    earlier = losses[: -1 - patience]
    return bool(earlier) and losses[-1] > min(earlier)
