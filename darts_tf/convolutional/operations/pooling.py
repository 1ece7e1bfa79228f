"""Maximum and average of windows, with padding on all sides."""

import functools

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual, linear
from darts_tf.autodiff.named_gradients import registered_gradient
from darts_tf.convolutional.operations.grouped import pooling as grouped_pooling
from darts_tf.convolutional.operations.grouped.images import are_grouped
from darts_tf.traced_device import traces_for_gpu

# With fewer channels oneDNN's gradients of pools take as long as with several times as
# many. Images of fewer pixels are not worth the change.
_CHANNELS_AT_ONCE, _LEAST_PIXELS = 16, 256
_NARROW_AVERAGE = "DartsTfNarrowAverage"


@functools.singledispatch
def max_pool(x: tf.Tensor | Dual, size: int, stride: int) -> tf.Tensor | Dual:
    """Maximum of windows around every `stride`-th pixel.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`, or images of edges, see
            `grouped`.
        size: Height and width of a window. An odd one is centred on its pixel, an even
            one has it above and left of its middle, as TensorFlow's `SAME`.
        stride: Integer.
    """
    if are_grouped(x):
        return grouped_pooling.max_pool(x, size, stride)
    x, window = _windows(x, size, stride)
    y, _ = _maximum(x, window)
    return y


@max_pool.register
def _(x: Dual, size, stride):
    if are_grouped(x):
        return grouped_pooling.max_pool(x, size, stride)
    image, window = _windows(x.value, size, stride)
    tangent = x.tangent
    if window["padding"] == "VALID":
        tangent = tf.pad(tangent, _around(size))
    y, own_y = _maximum(image, window)
    return Dual(y, _choose(image, own_y, tangent, window))


def max_pool_3x3(x: tf.Tensor | Dual, stride: int) -> tf.Tensor | Dual:
    """Maximum of 3x3 windows centred on every `stride`-th pixel."""
    return max_pool(x, 3, stride)


def _windows(x, size, stride):
    """The image, padded where SAME would not be symmetric, and the attributes."""
    padding = "SAME"
    if stride > 1 and size % 2:
        x = tf.pad(x, _around(size), constant_values=x.dtype.min)
        padding = "VALID"
    strides = [1, stride, stride, 1]
    return x, {"ksize": [1, size, size, 1], "strides": strides, "padding": padding}


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
        size, stride = window["ksize"][1], window["strides"][1]
        chosen = _at_maximum(x, image, size, stride, window["padding"])
        return chosen, lambda gradient: _spread(x, y, gradient, window)

    return call(image)


def _spread(x, y, gradient, window):
    """Sum at each pixel of the gradients of the windows whose maximum it is."""

    # All that is read is an argument, because TensorFlow follows what is none back to
    # the start of the graph.
    @custom_gradient
    def call(x, y, gradient):
        spread = _spread_by_channels(x, y, gradient, window)
        return spread, lambda image: (None, None, _choose(x, y, image, window))

    return call(x, y, gradient)


def _spread_by_channels(x, y, gradient, window):
    """The operation of `_spread`, with more channels where that is faster."""
    channels = x.shape[-1]
    if _is_narrow(x, window["strides"][1]):
        x, gradient = _widened(x), _widened(gradient)
        # oneDNN takes only the output of its own operation.
        y = tf.raw_ops.MaxPool(input=x, **window)
    spread = tf.raw_ops.MaxPoolGrad(
        orig_input=x, orig_output=y, grad=gradient, **window
    )
    return spread if spread.shape[-1] == channels else spread[..., :channels]


def _is_narrow(x, stride):
    """Whether the gradient of a pool is faster with more channels."""
    _, height, width, channels = x.shape
    is_slow = channels < _CHANNELS_AT_ONCE and height * width >= _LEAST_PIXELS
    return is_slow and stride == 1 and x.dtype == tf.float32 and not traces_for_gpu()


def _widened(x):
    """An image with channels of zeros behind its own."""
    return tf.pad(x, [[0, 0]] * 3 + [[0, _CHANNELS_AT_ONCE - x.shape[-1]]])


@tf.function(autograph=False, jit_compile=True)
def _at_maximum(x, image, size, stride, padding):
    """Pixel at each window's maximum: along the rows first, then down the columns.

    Compiled, since it would go through memory some thirty times otherwise.
    """
    if padding == "SAME":
        x = tf.pad(x, _around(size), constant_values=x.dtype.min)
        image = tf.pad(image, _around(size))
    for axis in (2, 1):
        count = x.shape[axis] - (size - 1)
        places = [
            [
                tensor[:, :, offset : offset + count : stride]
                if axis == 2
                else tensor[:, offset : offset + count : stride]
                for tensor in (x, image)
            ]
            for offset in range(size)
        ]
        x, image = places[0]
        for rival, its_image in places[1:]:
            image = tf.where(rival > x, its_image, image)
            x = tf.maximum(x, rival)
    return image


@linear
def average_pool(x: tf.Tensor | Dual, size: int, stride: int) -> tf.Tensor | Dual:
    """Mean of windows, over the pixels that lie inside the image.

    Args:
        x, size, stride: See `max_pool`.
    """
    if are_grouped(x):
        return grouped_pooling.average_pool(x, size, stride)
    _, height, width, _ = x.shape
    # TensorFlow's gradient of SAME is wrong, without a message, for windows that are
    # larger than the image (oneDNN's is right). Of 3x3 each then covers all of it, and
    # so it is right.
    if stride == 1 and (size == 3 or size <= min(height, width)):
        name = _NARROW_AVERAGE if _is_narrow(x, stride) else None
        with registered_gradient(name, "AvgPool"):
            return tf.nn.avg_pool2d(x, size, 1, "SAME")
    y = tf.nn.avg_pool2d(tf.pad(x, _around(size)), size, stride, "VALID")
    shares = [_share_inside(side, size, stride) for side in (height, width)]
    return y / tf.constant(np.outer(*shares)[None, :, :, None], x.dtype)


@tf.RegisterGradient(_NARROW_AVERAGE)
def _narrow_average_gradient(op, gradient):
    channels, gradient = gradient.shape[-1], _widened(gradient)
    names = ("ksize", "strides", "padding")
    in_x = tf.raw_ops.AvgPoolGrad(
        orig_input_shape=tf.shape(gradient),
        grad=gradient,
        **{name: op.get_attr(name) for name in names},
    )
    return in_x[..., :channels]


def average_pool_3x3(x: tf.Tensor | Dual, stride: int) -> tf.Tensor | Dual:
    """Mean of 3x3 windows, over the pixels that lie inside the image."""
    return average_pool(x, 3, stride)


def _around(size):
    """Paddings by which there is a window for each pixel."""
    along = [(size - 1) // 2, size // 2]
    return [[0, 0], along, along, [0, 0]]


def _share_inside(side, size, stride):
    """Share of each window that lies inside, along one axis of an image."""
    first = np.arange(0, side, stride) - (size - 1) // 2
    return (np.minimum(first + size, side) - np.maximum(first, 0)) / size
