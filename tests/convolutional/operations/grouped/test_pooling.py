"""Pools of all edges against those of each."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations import pooling
from tests.convolutional.operations.grouped.by_edge import compare, normal


@pytest.mark.parametrize("pool", [pooling.max_pool, pooling.average_pool])
@pytest.mark.parametrize("sides", [(6, 8), (5, 7)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_pool(size, stride, sides, pool):
    def pooled(x):
        return pool(x, size, stride)

    compare(pooled, pooled, [normal(2, 3, 2, *sides)])


def test_of_equal_pixels_the_first_gets_the_gradient():
    x = tf.zeros([1, 1, 1, 3, 3])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = pooling.max_pool(x, 3, 1)
    expected = [[4, 2, 0], [2, 1, 0], [0, 0, 0]]
    np.testing.assert_array_equal(tape.gradient(y, x)[0, 0, 0], expected)
