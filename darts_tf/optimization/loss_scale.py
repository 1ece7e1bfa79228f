"""Scaling of the loss, so that float16 can hold the derivatives of a step.

float16 has no numbers between 0 and 6e-8, where many derivatives of a network lie. All
that a step differentiates is linear in the loss L. So s L is differentiated, with a
power of two s, and the result, in the float32 of w and alpha, is divided by s:

    grad L = grad (s L) / s,

in w and in alpha, at w, at the unrolled weights and at both points of the finite
difference, whose distance does not depend on the size of v. Norms, clipping, v and the
optimizers see grad L alone.

The exact product is linear in v as well. Where dual numbers carry x' = (dx/dw) v
forward, x' would be as small as the gradient v is. With u = v / ||v||

    d/dalpha [ grad_w L . v ] = ||v|| / s  d/dalpha [ grad_w (s L) . u ],

where x' is the change of x by a step of length 1, and the backward pass has the scale s
that every other has. u needs no scale of its own: x' is a value, like x.

A number too large for float16 becomes infinite, and whatever is computed from it is
infinite or no number, up to the last gradient of the step. Then the whole step is taken
back and s is halved; after many steps without, s is doubled: the rule of
`keras.optimizers.LossScaleOptimizer`. That one knows a single optimizer and gradient,
and skips the update of the weights alone, not what the forward pass has moved.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf


class LossScale:
    """The factor s and its rule.

    Args:
        initial_scale: First value, a power of two.
        growth_steps: Number of steps without overflow after which it is doubled.
    """

    def __init__(self, initial_scale: float = 2.0**15, growth_steps: int = 2000):
        self.growth_steps = growth_steps
        self.scale = keras.Variable(
            initial_scale, dtype="float32", trainable=False, name="loss_scale"
        )
        self.good_steps = keras.Variable(
            0, dtype="int32", trainable=False, name="good_steps"
        )

    @property
    def variables(self) -> list[keras.Variable]:
        """What belongs to a checkpoint."""
        return [self.scale, self.good_steps]

    def scaled(self, loss: tf.Tensor) -> tf.Tensor:
        """The loss that is differentiated, s L."""
        return loss * tf.cast(self.scale, loss.dtype)

    def unscaled(self, gradients: Iterable[tf.Tensor]) -> list[tf.Tensor]:
        """A list of gradients of L from those of s L."""
        return [g / tf.cast(self.scale, g.dtype) for g in gradients]

    def next_values(self, is_finite: tf.Tensor) -> list[tf.Tensor]:
        """The values of `variables` after a step.

        Args:
            is_finite: Whether all gradients of the step are finite.
        """
        scale, good_steps = map(tf.convert_to_tensor, self.variables)
        good_steps = tf.where(is_finite, good_steps + 1, 0)
        grows = good_steps == self.growth_steps
        factor = tf.where(is_finite, tf.where(grows, 2.0, 1.0), 0.5)
        return [scale * factor, tf.where(grows, 0, good_steps)]


def make_loss_scale(compute_dtype: str) -> LossScale | None:
    """Returns the `LossScale` of a network that computes in float16, or `None`."""
    return LossScale() if compute_dtype == "float16" else None


class RevocableStep:
    """A step that is taken back on all replicas if it was not finite.

    To be made before the step moves anything.

    Args:
        loss_scale: `LossScale`, or `None`: then no step is taken back.
        replicas: `Replicas`, which take the step together.
        variables: All that it may move, at last the variables of the scale.
    """

    def __init__(
        self,
        loss_scale: LossScale | None,
        replicas: Any,
        variables: Sequence[keras.Variable],
    ):
        self.loss_scale, self.replicas = loss_scale, replicas
        self.variables = variables
        self._before = [tf.identity(variable) for variable in variables if loss_scale]

    def end(
        self,
        gradients: Sequence[tf.Tensor],
        own: Iterable[tuple[keras.Variable, tf.Tensor]] = (),
    ) -> tf.Tensor | None:
        """Takes the step back if a gradient is not finite, and moves the scale.

        Args:
            gradients: All that the step used, sums over the replicas.
            own: Pairs of a variable that each replica sets for itself, and of its
                value if the step is taken back.

        Returns:
            Whether the step counts in metrics, 0.0 or 1.0; `None` without a scale.
        """
        if self.loss_scale is None:
            return None
        is_finite = all_finite(gradients)
        # Where nothing is left to be halved the loss itself is none, and must be seen.
        counts = is_finite | (tf.convert_to_tensor(self.loss_scale.scale) < 1)
        scaling = self.loss_scale.variables
        values = [
            tf.where(is_finite, tf.convert_to_tensor(variable), value)
            for variable, value in zip(self.variables, self._before)
        ]
        values[-len(scaling) :] = self.loss_scale.next_values(is_finite)
        self.replicas.assign(self.variables, values)
        for variable, value in own:
            moved = tf.convert_to_tensor(variable)
            variable.assign(tf.where(is_finite, moved, value))
        return tf.cast(counts, tf.float32)


def update_mean(
    metric: keras.metrics.Mean,
    value: tf.Tensor,
    counts: tf.Tensor | None,
    weight: tf.Tensor | float | None = None,
) -> None:
    """Updates a mean over steps, of which not all may count.

    Args:
        metric: `keras.metrics.Mean`.
        value: Scalar tensor.
        counts: 0.0 or 1.0, see `RevocableStep.end`; `None` for 1.0.
        weight: Weight of a step that counts; `None` for 1.
    """
    if counts is not None:
        # A weight of 0 alone does not hide what is no number.
        value = tf.where(counts > 0, value, 0)
        weight = counts if weight is None else counts * tf.cast(weight, counts.dtype)
    metric.update_state(value, sample_weight=weight)


def all_finite(tensors: Iterable[tf.Tensor]) -> tf.Tensor:
    """Whether no element of a list of tensors is infinite or no number."""
    return tf.reduce_all([tf.reduce_all(tf.math.is_finite(x)) for x in tensors])
