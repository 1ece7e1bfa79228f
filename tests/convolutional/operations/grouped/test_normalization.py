"""Normalizations of all edges against those of each."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import batch_normalization as of_one
from darts_tf.convolutional.operations.grouped import normalization
from darts_tf.convolutional.operations.grouped.kept import Kept
from tests.convolutional.operations.grouped.by_edge import compare, normal


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("moving", [False, True])
def test_normalization(moving, relu):
    moments = np.abs(normal(2, 3))

    def grouped(x, scale):
        if moving:
            of_edges = tf.constant(np.tile(moments[:, None], [1, 2, 1]))
            return normalization.moving_normalization(x, of_edges, scale, [relu] * 2)
        return normalization.batch_normalization(x, scale, [relu] * 2)[0]

    def by_edge(x, scale):
        if moving:
            y = of_one.moving_normalization(x, *moments, scale)
        else:
            y, _ = of_one.batch_normalization(x, scale)
        return tf.nn.relu(y) if relu else y

    compare(grouped, by_edge, [2 + normal(2, 3, 2, 3, 4)], [normal(2, 3, seed=1)])


def test_some_edges_with_a_relu():
    x = tf.constant(normal(2, 3, 2, 3, 4))
    ones = tf.ones([2, 3], x.dtype)
    y, _ = normalization.batch_normalization(x, ones, [False, True])
    plain, _ = normalization.batch_normalization(x, ones, [False, False])
    np.testing.assert_array_equal(y[0], plain[0])
    np.testing.assert_array_equal(y[1], tf.nn.relu(plain[1]))
    assert (plain[1] < 0).numpy().any()


def test_moments_are_those_of_each_edge():
    x = tf.constant(normal(2, 3, 2, 3, 4))
    ones = tf.ones([2, 3], x.dtype)
    _, moments = normalization.batch_normalization(x, ones, [False] * 2)
    by_channel = np.reshape(x, [2, 3, -1])
    np.testing.assert_allclose(moments[0], by_channel.mean(-1), rtol=1e-12)
    np.testing.assert_allclose(moments[1], by_channel.var(-1, ddof=1), rtol=1e-12)


@pytest.mark.parametrize("names", [(), ("x",), ("scale",), ("x", "scale")])
def test_statistics_are_kept_once(names):
    """Whatever is a dual number, and for every gradient."""
    values = {"x": normal(2, 3, 2, 3, 4), "scale": normal(2, 3, seed=1)}
    x, scale = (
        Dual(tf.constant(v), tf.constant(v)) if name in names else tf.constant(v)
        for name, v in values.items()
    )
    kept = Kept()
    normalization.batch_normalization(x, scale, [False] * 2, kept)
    assert [value.shape for value in kept.values] == [(2, 3, 1, 1, 1)] * 2


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_reduced_precision_sums_in_full(dtype):
    x = tf.constant(300 + normal(1, 1, 4, 64, 64), dtype)
    y, moments = normalization.batch_normalization(x, tf.ones([1, 1], dtype), [False])
    assert y.dtype == dtype and moments.dtype == tf.float32
    exact = np.asarray(tf.cast(x, tf.float64))
    np.testing.assert_allclose(moments[0, 0, 0], exact.mean(), rtol=1e-6)
