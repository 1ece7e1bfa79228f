"""Pure functions from which primitives are made; images are NHWC throughout."""

import numpy as np
import tensorflow as tf


def pointwise(x, kernel):
    """1x1 convolution with a kernel of shape `(in, out)`, as a matrix product."""
    channels, filters = kernel.shape
    _, height, width, _ = x.shape
    y = tf.matmul(tf.reshape(x, [-1, channels]), kernel)
    return tf.reshape(y, [-1, height, width, filters])


def max_pool_3x3(x, stride):
    """Maximum of 3x3 windows centred on every `stride`-th pixel."""
    if stride == 1:
        return tf.nn.max_pool2d(x, 3, 1, "SAME")
    x = tf.pad(x, _one_pixel_around(), constant_values=x.dtype.min)
    return tf.nn.max_pool2d(x, 3, stride, "VALID")


def average_pool_3x3(x, stride):
    """Mean of 3x3 windows, over the pixels that lie inside the image."""
    if stride == 1:
        return tf.nn.avg_pool2d(x, 3, 1, "SAME")
    _, height, width, _ = x.shape
    y = tf.nn.avg_pool2d(tf.pad(x, _one_pixel_around()), 3, stride, "VALID")
    share = np.outer(_share_inside(height, stride), _share_inside(width, stride))
    return y / tf.constant(share[None, :, :, None], x.dtype)


def phases(x):
    """Splits an image into what its even and its odd pixels show.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.

    Returns:
        Tuple of the pixels at even rows and columns, and those at odd rows and
        columns, both of shape `(batch, ceil(height / 2), ceil(width / 2),
        channels)`; where a size is odd, the second is padded with zeros.
    """
    _, height, width, channels = x.shape
    x = tf.pad(x, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]])
    height, width = -(-height // 2), -(-width // 2)
    # Reshaping and unstacking: the gradient of a strided slice is slow.
    rows = tf.unstack(tf.reshape(x, [-1, 2, 2 * width * channels]), axis=1)
    even, odd = (
        tf.unstack(tf.reshape(row, [-1, 2, channels]), axis=1)[parity]
        for parity, row in enumerate(rows)
    )
    shape = [-1, height, width, channels]
    return tf.reshape(even, shape), tf.reshape(odd, shape)


def reduce_by_phases(even, odd, even_kernel, odd_kernel):
    """Factorized reduction: two 1x1 stride-2 convolutions, one pixel apart."""
    return tf.concat([pointwise(even, even_kernel), pointwise(odd, odd_kernel)], -1)


def _one_pixel_around():
    return [[0, 0], [1, 1], [1, 1], [0, 0]]


def _share_inside(size, stride):
    """Share of each window of 3 that lies inside, along one axis."""
    centres = np.arange(0, size, stride)
    return (3 - (centres == 0) - (centres == size - 1)) / 3
