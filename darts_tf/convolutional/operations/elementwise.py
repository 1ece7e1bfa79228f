"""Operations on each value by itself."""

import functools

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual, linear


def chosen(matrix, indices, axis):
    """Rows (axis 0) or columns (axis 1) of a matrix, in the order of constant indices.

    By a product: the gradient of a gather is slow, and a GPU fetches its indices from
    the host.
    """
    selection = tf.constant(np.eye(matrix.shape[axis])[indices], matrix.dtype)
    if axis == 0:
        return tf.matmul(selection, matrix)
    return tf.matmul(matrix, selection, transpose_b=True)


@linear
def zeros(x, stride):
    """Zeros in the shape of every `stride`-th pixel of an image."""
    return tf.zeros_like(x[:, ::stride, ::stride])


@functools.singledispatch
def relu(x):
    """Positive part."""
    return tf.nn.relu(x)


@relu.register
def _(x: Dual):
    # The sign of x, which others keep as well, has no derivative.
    return Dual(*where_positive(tf.stop_gradient(x.value), x.value, x.tangent))


def where_positive(x, *images):
    """The images where x is positive, and zeros elsewhere."""
    return [tf.raw_ops.ReluGrad(gradients=image, features=x) for image in images]
