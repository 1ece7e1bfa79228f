"""Pools: windows side by side, and the gradients of images with few channels."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations import pooling

POOLS = {"maximum": pooling.max_pool_3x3, "average": pooling.average_pool_3x3}


def derivatives(pool, x, cotangent):
    """A function of both that returns the pool, its gradient, and that of the latter.

    The gradient is linear in the cotangent, and is derived along 1.
    """

    @tf.function(autograph=False)
    def compute(x, cotangent):
        with tf.GradientTape() as outer:
            outer.watch(cotangent)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = pool(x, 1)
            gradient = inner.gradient(y, x, cotangent)
        return y, gradient, outer.gradient(gradient, cotangent)

    return compute.get_concrete_function(x, cotangent)


def channels_of_gradients(function):
    types = ("AvgPoolGrad", "MaxPoolGrad")
    operations = function.graph.get_operations()
    return {x.outputs[0].shape[-1] for x in operations if x.type in types}


@pytest.mark.parametrize(("size", "channels"), [(16, 16), (8, 4)])
@pytest.mark.parametrize("name", POOLS)
def test_gradients_of_images_with_few_channels(name, size, channels):
    """They are computed of more channels, unless images are small, and are the same."""
    random = np.random.default_rng(0)
    x, cotangent = random.normal(size=(2, 2, size, size, 4)).astype("float32")
    x, cotangent = tf.nn.relu(x), tf.constant(cotangent)
    compute = derivatives(POOLS[name], x, cotangent)
    assert channels_of_gradients(compute) == {channels}
    precise = [tf.cast(image, tf.float64) for image in (x, cotangent)]
    in_float64 = derivatives(POOLS[name], *precise)
    assert channels_of_gradients(in_float64) == {4}
    expected, found = in_float64(*precise), compute(x, cotangent)
    for own, exact in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, exact, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", [4, 5])
def test_windows_of_even_sides_are_side_by_side(size):
    x = np.random.default_rng(0).normal(size=(2, size, size, 3))
    pool = keras.layers.MaxPooling2D(2, padding="same", dtype="float64")
    np.testing.assert_array_equal(pooling.max_pool(tf.constant(x), 2, 2), pool(x))
