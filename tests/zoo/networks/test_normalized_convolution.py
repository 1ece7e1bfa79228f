import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zoo.networks.normalized_convolution import (
    NormalizedConvolution,
    grouped_conv2d,
)


@pytest.mark.parametrize("size, stride, groups", [(1, 1, 3), (3, 2, 3), (3, 1, 1)])
def test_groups_are_convolutions_of_their_own(size, stride, groups):
    rng = np.random.default_rng(0)
    x, kernel = rng.normal(size=(2, 7, 6, 6)), rng.normal(size=(size, size, 2, 9))
    if groups == 1:
        kernel = rng.normal(size=(size, size, 6, 9))
    expected = np.concatenate(
        [
            tf.nn.conv2d(part, own, stride, "SAME")
            for part, own in zip(np.split(x, groups, -1), np.split(kernel, groups, -1))
        ],
        -1,
    )
    found = grouped_conv2d(tf.constant(x), tf.constant(kernel), stride, groups)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_gradients_of_groups_are_those_of_finite_differences():
    rng = np.random.default_rng(1)
    x = tf.constant(rng.normal(size=(1, 3, 3, 4)))
    kernel = tf.constant(rng.normal(size=(3, 3, 2, 4)))

    def loss(x, kernel):
        return tf.reduce_sum(tf.sin(grouped_conv2d(x, kernel, 2, 2)))

    with tf.GradientTape() as tape:
        tape.watch((x, kernel))
        value = loss(x, kernel)
    gradients = tape.gradient(value, (x, kernel))
    directions = [rng.normal(size=tensor.shape) for tensor in (x, kernel)]
    step = 1e-6
    ends = [
        loss(*(t + sign * d for t, d in zip((x, kernel), directions)))
        for sign in (step, -step)
    ]
    found = sum(tf.reduce_sum(g * d) for g, d in zip(gradients, directions))
    np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * step), rtol=1e-7)


@pytest.mark.parametrize("activation", ["relu", "relu6", None])
@pytest.mark.parametrize("filters", [6, None])
def test_convolution_normalization_activation(filters, activation, float64):
    layer = NormalizedConvolution(filters, 3, 2, activation=activation)
    rng = np.random.default_rng(2)
    x = tf.constant(30 * rng.normal(size=(2, 5, 6, 3)))
    layer.build(x.shape)
    y = layer(x)
    if filters:
        expected = tf.nn.conv2d(x, layer.kernel, 2, "SAME")
    else:
        expected = tf.nn.depthwise_conv2d(x, layer.kernel, [1, 2, 2, 1], "SAME")
    expected /= np.sqrt(1 + 1e-5)  # the moving variance and epsilon
    limits = {"relu": (0, np.inf), "relu6": (0, 6), None: (-np.inf, np.inf)}
    np.testing.assert_allclose(y, np.clip(expected, *limits[activation]), rtol=1e-9)
    assert y.shape == layer.compute_output_shape(x.shape) == (2, 3, 3, filters or 3)


@pytest.mark.parametrize(
    "arguments, message",
    [((5, 1, 1, 2), "filters"), ((None, 3, 1, 3), "filters"), ((6, 1, 1, 2), "groups")],
)
def test_channels_that_cannot_be_divided(arguments, message):
    with pytest.raises(ValueError, match=message):
        NormalizedConvolution(*arguments).build((None, 4, 4, 3))
