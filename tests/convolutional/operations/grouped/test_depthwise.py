"""Depthwise convolutions of all edges against those of each."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations.depthwise import depthwise_conv2d
from tests.convolutional.operations.grouped.by_edge import compare, normal
from tests.long_cases import with_long

STEPS = [(1, 1), (2, 1), (1, 2), (2, 2)]
WINDOWS = [(3, (5, 8)), (5, (4, 7)), (1, (4, 6))]


@pytest.mark.parametrize("stride, dilation", STEPS)
@pytest.mark.parametrize("size, sides", with_long(WINDOWS, WINDOWS[:2]))
@pytest.mark.parametrize("edges", with_long([1, 3], [1]))
def test_convolution(edges, size, sides, stride, dilation):
    def convolve(x, kernel):
        return depthwise_conv2d(x, kernel, stride, dilation)

    images = normal(edges, 2, 2, *sides)
    compare(convolve, convolve, [images], [normal(3, size, size, 2, 1, seed=1)])


@pytest.mark.parametrize("stride", [1, 2])
def test_window_of_even_size(stride):
    def convolve(x, kernel):
        return depthwise_conv2d(x, kernel, stride)

    compare(convolve, convolve, [normal(1, 2, 2, 5, 6)], [normal(2, 2, 2, 2, 1)])


def test_a_constant_kernel_has_no_gradient():
    kernel = tf.constant(normal(2, 3, 3, 2, 1))

    @tf.function(autograph=False)
    def gradients(x):
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            y = depthwise_conv2d(x, tf.stop_gradient(kernel))
        return tape.gradient(y, [x, kernel])

    in_x, in_kernel = gradients(tf.constant(normal(1, 2, 1, 4, 4)))
    assert in_kernel is None
    # Each tap sees a pixel once, but for those at the borders.
    middle = kernel.numpy().sum((0, 1, 2))[:, 0]
    np.testing.assert_allclose(in_x[0, :, 0, 1, 1], middle, rtol=1e-12)
