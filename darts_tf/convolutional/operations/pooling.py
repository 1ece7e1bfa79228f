"""Maximum and average of windows, with symmetric padding."""

import functools

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual, linear


@functools.singledispatch
def max_pool_3x3(x: tf.Tensor | Dual, stride: int) -> tf.Tensor | Dual:
    """Maximum of 3x3 windows centred on every `stride`-th pixel."""
    x, window = _windows(x, stride)
    y, _ = _maximum(x, window)
    return y


@max_pool_3x3.register
def _(x: Dual, stride):
    image, window = _windows(x.value, stride)
    tangent = x.tangent
    if window["padding"] == "VALID":
        tangent = tf.pad(tangent, _one_pixel_around())
    y, own_y = _maximum(image, window)
    return Dual(y, _choose(image, own_y, tangent, window))


def _windows(x, stride):
    """The image, padded where SAME would not be symmetric, and the attributes."""
    padding = "SAME"
    if stride > 1:
        x = tf.pad(x, _one_pixel_around(), constant_values=x.dtype.min)
        padding = "VALID"
    strides = [1, stride, stride, 1]
    return x, {"ksize": [1, 3, 3, 1], "strides": strides, "padding": padding}


# TensorFlow's second derivative of a maximum, `MaxPoolGradGrad`, may overwrite its
# input while it reads it, and is then wrong without a message (at stride 1, in a
# graph); it is slow besides. `_choose` computes the same. It and `_spread` are
# transposes of each other, so that derivatives of every order are these two.


def _maximum(x, window):
    """The maximum, and again as the operation's own output, for `_spread`."""
    own_y = None

    @custom_gradient
    def call(x):
        nonlocal own_y
        y = own_y = tf.raw_ops.MaxPool(input=x, **window)
        return y, lambda gradient: _spread(x, y, gradient, window)

    return call(x), own_y


def _choose(x, y, image, window):
    """Pixel of `image` at the maximum y of each window of x."""

    @custom_gradient
    def call(image):
        chosen = _at_maximum(x, image, window["strides"][1], window["padding"])
        return chosen, lambda gradient: _spread(x, y, gradient, window)

    return call(image)


def _spread(x, y, gradient, window):
    """Sum at each pixel of the gradients of the windows whose maximum it is."""

    # All that is read is an argument, because TensorFlow follows what is none back to
    # the start of the graph.
    @custom_gradient
    def call(x, y, gradient):
        spread = tf.raw_ops.MaxPoolGrad(
            orig_input=x, orig_output=y, grad=gradient, **window
        )
        return spread, lambda image: (None, None, _choose(x, y, image, window))

    return call(x, y, gradient)


@tf.function(autograph=False, jit_compile=True)
def _at_maximum(x, image, stride, padding):
    """Pixel at each window's maximum: along the rows first, then down the columns.

    Compiled, since it would go through memory some thirty times otherwise.
    """
    if padding == "SAME":
        x = tf.pad(x, _one_pixel_around(), constant_values=x.dtype.min)
        image = tf.pad(image, _one_pixel_around())
    for axis in (2, 1):
        size = x.shape[axis] - 2
        thirds = [
            [
                tensor[:, :, offset : offset + size : stride]
                if axis == 2
                else tensor[:, offset : offset + size : stride]
                for tensor in (x, image)
            ]
            for offset in range(3)
        ]
        x, image = thirds[0]
        for rival, its_image in thirds[1:]:
            image = tf.where(rival > x, its_image, image)
            x = tf.maximum(x, rival)
    return image


@linear
def average_pool_3x3(x: tf.Tensor | Dual, stride: int) -> tf.Tensor | Dual:
    """Mean of 3x3 windows, over the pixels that lie inside the image."""
    if stride == 1:
        return tf.nn.avg_pool2d(x, 3, 1, "SAME")
    _, height, width, _ = x.shape
    y = tf.nn.avg_pool2d(tf.pad(x, _one_pixel_around()), 3, stride, "VALID")
    share = np.outer(_share_inside(height, stride), _share_inside(width, stride))
    return y / tf.constant(share[None, :, :, None], x.dtype)


def _one_pixel_around():
    return [[0, 0], [1, 1], [1, 1], [0, 0]]


def _share_inside(size, stride):
    """Share of each window of 3 that lies inside, along one axis."""
    centres = np.arange(0, size, stride)
    return (3 - (centres == 0) - (centres == size - 1)) / 3


@functools.singledispatch
def max_pool_2x2(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Maximum of 2x2 windows side by side, cut off where a side is odd."""
    return functools.reduce(tf.maximum, _quarters(x, x.dtype.min))


@max_pool_2x2.register
def _(x: Dual):
    values, tangents = _quarters(x.value, x.dtype.min), _quarters(x.tangent, 0)
    y, tangent = values[0], tangents[0]
    for value, own_tangent in zip(values[1:], tangents[1:]):
        tangent = tf.where(value > y, own_tangent, tangent)
        y = tf.maximum(y, value)
    return Dual(y, tangent)


def _quarters(x, fill):
    """Every second pixel, from each pixel of the first window on."""
    _, height, width, _ = x.shape
    if height % 2 or width % 2:
        paddings = [[0, 0], [0, height % 2], [0, width % 2], [0, 0]]
        x = tf.pad(x, paddings, constant_values=fill)
    return [x[:, row::2, column::2] for row in (0, 1) for column in (0, 1)]
