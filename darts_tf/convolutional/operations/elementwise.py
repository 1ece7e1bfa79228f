"""Operations on each value by itself."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual, linear

# What primitives read of a state, by name, see `source_views`.
Views = dict[str, Any]


@linear
def chosen(
    matrix: tf.Tensor | Dual, indices: Sequence[int], axis: int
) -> tf.Tensor | Dual:
    """Rows (axis 0) or columns (axis 1) of a matrix, in the order of constant indices.

    By a product: the gradient of a gather is slow, and a GPU fetches its indices from
    the host.
    """
    selection = tf.constant(np.eye(matrix.shape[axis])[indices], matrix.dtype)
    if axis == 0:
        return tf.matmul(selection, matrix)
    return tf.matmul(matrix, selection, transpose_b=True)


@linear
def zeros(x: tf.Tensor | Dual, stride: int) -> tf.Tensor | Dual:
    """Zeros in the shape of every `stride`-th pixel of an image."""
    return tf.zeros_like(x[:, ::stride, ::stride])


@functools.singledispatch
def relu(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Positive part."""
    return tf.nn.relu(x)


@relu.register
def _(x: Dual):
    # The sign of x, which others keep as well, has no derivative.
    return Dual(*where_positive(tf.stop_gradient(x.value), x.value, x.tangent))


def where_positive(x: tf.Tensor, *images: tf.Tensor) -> list[tf.Tensor]:
    """The images where x is positive, and zeros elsewhere."""
    return [tf.raw_ops.ReluGrad(gradients=image, features=x) for image in images]
