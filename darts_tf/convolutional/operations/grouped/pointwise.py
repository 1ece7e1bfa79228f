"""Convolutions of 1x1 windows of all edges, as one batched product."""

from typing import NamedTuple

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual, bilinear
from darts_tf.convolutional.operations.grouped.images import with_transpose
from darts_tf.convolutional.operations.grouped.remembering import remembered
from darts_tf.convolutional.operations.grouped.windows import Windows


class Product(NamedTuple):
    """A pointwise convolution that waits for those of other primitives.

    It is for a normalization, which computes it together with them.

    Attributes:
        x: Tensor or `Dual` of shape `(edges or 1, in, batch, height, width)`.
        kernel: The same of shape `(edges, in, out)`.
    """

    x: tf.Tensor | Dual
    kernel: tf.Tensor | Dual


@bilinear
def product(
    x: tf.Tensor | Dual, kernel: tf.Tensor | Dual, *, constant: bool = False
) -> tf.Tensor | Dual:
    """Computes a `Product` of these attributes.

    Returns:
        Tensor of shape `(edges, out, batch, height, width)`.
    """
    edges, _, filters = kernel.shape
    if x.shape[0] == edges:
        return _product(x, kernel, constant)
    # One edge with the filters of all.
    return _regrouped(_product(x, _side_by_side(kernel), constant), edges, filters)


@remembered
def _product(x, kernel, constant):
    def in_x(kernel, gradient):
        return _like(gradient, tf.matmul(kernel, _by_pixel(gradient)))

    def compute(x, kernel):
        return _like(x, tf.matmul(kernel, _by_pixel(x), transpose_a=True))

    @custom_gradient
    def call(x, kernel):
        def gradients(gradient):
            in_kernel = tf.matmul(_by_pixel(x), _by_pixel(gradient), transpose_b=True)
            return in_x(kernel, gradient), in_kernel

        return compute(x, kernel), gradients

    @custom_gradient
    def call_by_constant(x):
        return compute(x, kernel), lambda gradient: in_x(kernel, gradient)

    return call_by_constant(x) if constant else call(x, kernel)


def _by_pixel(x):
    return tf.reshape(x, [*x.shape[:2], -1])


def _like(images, by_pixel):
    """Takes the pixels apart again, as those of images are."""
    return tf.reshape(by_pixel, [*by_pixel.shape[:2], -1, *images.shape[3:]])


def _side_by_side(kernel):
    edges, channels, filters = kernel.shape
    return with_transpose(
        lambda kernel: tf.reshape(
            tf.transpose(kernel, [1, 0, 2]), [1, channels, edges * filters]
        ),
        lambda gradient: tf.transpose(
            tf.reshape(gradient, [channels, edges, filters]), [1, 0, 2]
        ),
        kernel,
    )


def _regrouped(y, edges, filters):
    return with_transpose(
        lambda y: tf.reshape(y, [edges, filters, -1, *y.shape[3:]]),
        lambda gradient: tf.reshape(
            gradient, [1, edges * filters, -1, *gradient.shape[3:]]
        ),
        y,
    )


def phases(x: tf.Tensor) -> list[tf.Tensor]:
    """Lists what the even and what the odd pixels show, see `pointwise.phases`."""
    windows = Windows(x.shape[3:], (2, 2), stride=2)
    return with_transpose(
        lambda x: [windows.taps(x)[tap] for tap in (0, 3)],
        lambda *gradients: windows.spread(
            [(gradient, 0) for gradient in gradients],
            lambda tap, even, odd: {0: even, 3: odd}.get(tap),
        ),
        x,
    )
