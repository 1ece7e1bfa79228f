"""Scaling of the loss, so that float16 can hold the derivatives of a search step.

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
`keras.optimizers.LossScaleOptimizer`, which knows one optimizer and one gradient.
"""

import keras
import tensorflow as tf


class LossScale:
    """The factor s and its rule.

    Args:
        initial_scale: First value, a power of two.
        growth_steps: Number of steps without overflow after which it is doubled.
    """

    def __init__(self, initial_scale=2.0**15, growth_steps=2000):
        self.growth_steps = growth_steps
        self.scale = keras.Variable(
            initial_scale, dtype="float32", trainable=False, name="loss_scale"
        )
        self.good_steps = keras.Variable(
            0, dtype="int32", trainable=False, name="good_steps"
        )

    @property
    def variables(self):
        """What belongs to a checkpoint."""
        return [self.scale, self.good_steps]

    def next_values(self, is_finite):
        """The values of `variables` after a step.

        Args:
            is_finite: Whether all gradients of the step are finite.
        """
        scale, good_steps = map(tf.convert_to_tensor, self.variables)
        good_steps = tf.where(is_finite, good_steps + 1, 0)
        grows = good_steps == self.growth_steps
        factor = tf.where(is_finite, tf.where(grows, 2.0, 1.0), 0.5)
        return [scale * factor, tf.where(grows, 0, good_steps)]


def all_finite(tensors):
    """Whether no element of a list of tensors is infinite or no number."""
    return tf.reduce_all([tf.reduce_all(tf.math.is_finite(x)) for x in tensors])
