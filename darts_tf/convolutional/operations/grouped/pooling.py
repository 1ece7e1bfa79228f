"""Maximum and average of windows, for images of edges."""

import functools

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.grouped.images import with_transpose
from darts_tf.convolutional.operations.grouped.remembering import remembered
from darts_tf.convolutional.operations.grouped.windows import Windows


@functools.singledispatch
def max_pool(x: tf.Tensor | Dual, size: int, stride: int) -> tf.Tensor | Dual:
    """Maximum of windows, see `pooling.max_pool`; of equal pixels the first counts."""
    windows = Windows(x.shape[3:], (size, size), stride)

    @custom_gradient
    def call(x):
        y, winner = _maximum(windows, x)
        return y, lambda gradient: _spread(windows, winner, gradient)

    return call(x)


@max_pool.register
def _(x: Dual, size, stride):
    windows = Windows(x.shape[3:], (size, size), stride)

    @custom_gradient
    def call(x, tangent):
        y, winner = _maximum(windows, x)

        def gradients(*upstream):
            return [_spread(windows, winner, gradient) for gradient in upstream]

        return (y, _chosen(windows, winner, tangent)), gradients

    return Dual(*call(x.value, x.tangent))


def _maximum(windows, x):
    """The maximum of each window, and the number of the tap that sees it."""
    y, *rivals = windows.taps(x, x.dtype.min)
    winner = tf.zeros_like(y, tf.int8)
    for index, rival in enumerate(rivals, start=1):
        winner = tf.where(rival > y, tf.constant(index, tf.int8), winner)
        y = tf.maximum(y, rival)
    return y, winner


def _chosen(windows, winner, image):
    """Pixel of an image at the maximum of each window."""
    y, *others = windows.taps(image)
    for index, other in enumerate(others, start=1):
        y = tf.where(winner == index, other, y)
    return y


def _spread(windows, winner, gradient):
    """Sum at each pixel of the gradients of the windows whose maximum it is."""
    return windows.spread(
        [(winner, -1), (gradient, 0)],
        lambda tap, winner, gradient: tf.where(winner == tap, gradient, 0),
    )


@remembered
def average_pool(x: tf.Tensor, size: int, stride: int) -> tf.Tensor:
    """Mean of windows over the pixels inside the image, see `pooling.average_pool`."""
    windows = Windows(x.shape[3:], (size, size), stride)
    share = (1 / windows.inside()).astype(x.dtype.as_numpy_dtype)
    return with_transpose(
        lambda x: tf.add_n(windows.taps(x)) * share,
        lambda gradient: windows.spread(
            [(gradient * share, 0)], lambda tap, gradient: gradient
        ),
        x,
    )
