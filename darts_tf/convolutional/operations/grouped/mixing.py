"""One image for all edges, weighed by a coefficient of each."""

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual, bilinear
from darts_tf.autodiff.dual_operations import in_full_precision

_ALL_BUT_EDGES = (1, 2, 3, 4)


@bilinear
def weighed(
    x: tf.Tensor | Dual, coefficients: tf.Tensor | Dual, *, constant: bool = False
) -> tf.Tensor | Dual:
    """Multiplies an image by several coefficients.

    Args:
        x: Tensor of shape `(1, channels, batch, height, width)`.
        coefficients: Tensor of shape `(edges,)`.
        constant: See `bilinear`; it changes nothing here.

    Returns:
        Tensor of shape `(edges, channels, batch, height, width)`.
    """

    @custom_gradient
    def call(x, coefficients):
        factors = tf.reshape(coefficients, [-1, 1, 1, 1, 1])

        def gradients(gradient):
            in_x = tf.reduce_sum(factors * gradient, 0, keepdims=True)
            products = in_full_precision(x) * in_full_precision(gradient)
            in_each = tf.reduce_sum(products, _ALL_BUT_EDGES)
            return in_x, tf.cast(in_each, coefficients.dtype)

        return factors * x, gradients

    return call(x, coefficients)
