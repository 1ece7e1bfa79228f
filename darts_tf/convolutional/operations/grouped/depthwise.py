"""Depthwise convolutions of all edges, as sums over the taps of their windows."""

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual_operations import in_full_precision
from darts_tf.convolutional.operations.grouped.images import pixel_sums
from darts_tf.convolutional.operations.grouped.remembering import remembered
from darts_tf.convolutional.operations.grouped.windows import Windows


@remembered
def depthwise_conv2d(
    x: tf.Tensor, kernel: tf.Tensor, stride: int, dilation: int, constant: bool
) -> tf.Tensor:
    """Convolves each channel of each edge with its own filter.

    Args:
        x: Tensor of shape `(edges or 1, channels, batch, height, width)`.
        kernel: Tensor of shape `(edges, rows, columns, channels, 1)`.
        stride, dilation, constant: See `depthwise.depthwise_conv2d`.

    Returns:
        Tensor of shape `(edges, channels, batch, ceil(height / stride), ceil(width /
        stride))`.
    """
    windows = Windows(x.shape[3:], kernel.shape[1:3], stride, dilation)
    is_shared = x.shape[0] != kernel.shape[0]

    def in_x(kernel, gradient):
        factors = _factors(kernel)
        spread = windows.spread(
            [(in_full_precision(gradient), 0)],
            lambda tap, gradient: gradient * factors[tap],
        )
        if is_shared:
            spread = tf.reduce_sum(spread, 0, keepdims=True)
        return tf.cast(spread, gradient.dtype)

    @custom_gradient
    def call(x, kernel):
        def gradients(gradient):
            in_kernel = _in_kernel(windows.taps(x), gradient, kernel)
            return in_x(kernel, gradient), in_kernel

        return _convolved(windows.taps(x), kernel), gradients

    @custom_gradient
    def call_by_constant(x):
        y = _convolved(windows.taps(x), kernel)
        return y, lambda gradient: in_x(kernel, gradient)

    return call_by_constant(x) if constant else call(x, kernel)


def _convolved(taps, kernel):
    products = [
        in_full_precision(tap) * factor for tap, factor in zip(taps, _factors(kernel))
    ]
    return tf.cast(tf.add_n(products), taps[0].dtype)


def _in_kernel(taps, gradient, kernel):
    gradient = in_full_precision(gradient)
    sums = pixel_sums([in_full_precision(tap) * gradient for tap in taps])
    return tf.cast(tf.reshape(tf.stack(sums, axis=1), kernel.shape), kernel.dtype)


def _factors(kernel):
    """What each tap is multiplied by, of shape `(edges, channels, 1, 1, 1)`."""
    edges, rows, columns, channels, _ = kernel.shape
    by_tap = tf.reshape(kernel, [edges, rows * columns, channels, 1, 1, 1])
    return tf.unstack(in_full_precision(by_tap), axis=1)
