"""Pools: windows side by side, and the gradients of images with few channels."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations import pooling

POOLS = {"maximum": pooling.max_pool_3x3, "average": pooling.average_pool_3x3}


def derived(pool, x, cotangent):
    """A function of both that returns the pool and its gradient.

    The pool is in a function, as in a network: only there gradients by name are heeded.
    """
    pool = tf.function(pool, autograph=False)

    @tf.function(autograph=False)
    def compute(x, cotangent):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = pool(x, 1)
        return y, tape.gradient(y, x, cotangent)

    return compute.get_concrete_function(x, cotangent)


def channels_of_gradients(function):
    graph = function.graph.as_graph_def(add_shapes=True)
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    gradients = [n for n in nodes if n.op in ("AvgPoolGrad", "MaxPoolGrad")]
    return {n.attr["_output_shapes"].list.shape[0].dim[-1].size for n in gradients}


@pytest.mark.parametrize(("size", "channels"), [(16, 16), (8, 4)])
@pytest.mark.parametrize("name", POOLS)
def test_gradients_of_images_with_few_channels(name, size, channels):
    """They are computed of more channels, unless images are small, and are the same."""
    random = np.random.default_rng(0)
    x, cotangent = random.normal(size=(2, 2, size, size, 4)).astype("float32")
    x, cotangent = tf.nn.relu(x), tf.constant(cotangent)
    compute = derived(POOLS[name], x, cotangent)
    assert channels_of_gradients(compute) == {channels}
    precise = [tf.cast(image, tf.float64) for image in (x, cotangent)]
    in_float64 = derived(POOLS[name], *precise)
    assert channels_of_gradients(in_float64) == {4}
    expected, found = in_float64(*precise), compute(x, cotangent)
    for own, exact in zip(found, expected, strict=True):
        np.testing.assert_allclose(own, exact, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", [4, 5])
def test_windows_of_even_sides_are_side_by_side(size):
    x = np.random.default_rng(0).normal(size=(2, size, size, 3))
    pool = keras.layers.MaxPooling2D(2, padding="same", dtype="float64")
    np.testing.assert_array_equal(pooling.max_pool(tf.constant(x), 2, 2), pool(x))
