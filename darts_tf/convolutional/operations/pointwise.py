"""Convolutions of 1x1 windows, also with stride 2."""

import tensorflow as tf

from darts_tf.autodiff.dual import Dual, bilinear, linear
from darts_tf.autodiff.dual_operations import concat
from darts_tf.autodiff.named_gradients import (
    gradient_in_first_factor,
    product_by_constant,
    registered_gradient,
)
from darts_tf.convolutional.operations.depthwise import computed_again
from darts_tf.convolutional.operations.grouped import images
from darts_tf.convolutional.operations.grouped import pointwise as grouped_pointwise
from darts_tf.convolutional.operations.grouped.images import are_grouped
from darts_tf.convolutional.operations.grouped.pointwise import Product

_PRODUCT = "DartsTfMatMul"


def pointwise(
    x: tf.Tensor | Dual, kernel: tf.Tensor | Dual
) -> tf.Tensor | Dual | Product:
    """1x1 convolution with a kernel of shape `(in, out)`, as a matrix product.

    Of images of edges, see `grouped`, it waits for those of other primitives.
    """
    return Product(x, kernel) if are_grouped(x) else _pointwise(x, kernel)


@bilinear
def _pointwise(x, kernel, *, constant=False):
    channels, filters = kernel.shape
    _, height, width, _ = x.shape
    rows = tf.reshape(x, [-1, channels])
    if constant:
        y = product_by_constant(rows, kernel)
    else:
        with registered_gradient(_PRODUCT, "MatMul"):
            y = tf.matmul(rows, kernel)
    return tf.reshape(y, [-1, height, width, filters])


@tf.RegisterGradient(_PRODUCT)
def _gradient_in_both_factors(op, gradient):
    in_first = gradient_in_first_factor(op, gradient)
    first = computed_again(op.inputs[0])
    return in_first, tf.matmul(first, gradient, transpose_a=True)


@linear
def phases(x: tf.Tensor | Dual) -> tuple:
    """Splits an image into what its even and its odd pixels show.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.

    Returns:
        Tuple of the pixels at even rows and columns, and those at odd rows and
        columns, both of shape `(batch, ceil(height / 2), ceil(width / 2),
        channels)`; where a size is odd, the second is padded with zeros. Both are
        images of edges where x is, see `grouped`.
    """
    if are_grouped(x):
        return grouped_pointwise.phases(x)
    _, height, width, channels = x.shape
    x = tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]])
    height, width = -(-height // 2), -(-width // 2)
    # The pixels are reshaped and unstacked, because the gradient of a strided slice is
    # slow.
    rows = tf.unstack(tf.reshape(x, [-1, 2, 2 * width * channels]), axis=1)
    even, odd = (
        tf.unstack(tf.reshape(row, [-1, 2, channels]), axis=1)[parity]
        for parity, row in enumerate(rows)
    )
    shape = [-1, height, width, channels]
    return tf.reshape(even, shape), tf.reshape(odd, shape)


def reduce_by_phases(
    even: tf.Tensor | Dual,
    odd: tf.Tensor | Dual,
    even_kernel: tf.Tensor | Dual,
    odd_kernel: tf.Tensor | Dual,
) -> tf.Tensor | Dual:
    """Factorized reduction: two 1x1 stride-2 convolutions, one pixel apart."""
    if are_grouped(even):
        return images.channels_joined(
            grouped_pointwise.product(even, even_kernel),
            grouped_pointwise.product(odd, odd_kernel),
        )
    return concat([pointwise(even, even_kernel), pointwise(odd, odd_kernel)], -1)
