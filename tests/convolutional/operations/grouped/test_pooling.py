"""Pools of all edges against those of each."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations import pooling
from tests.convolutional.operations.grouped.by_edge import compare, normal
from tests.long_cases import with_long

CASES = [
    (size, stride, sides)
    for size in (2, 3, 5)
    for stride in (1, 2)
    for sides in ((6, 8), (5, 7))
]
USUAL = [(3, 1, (5, 7)), (3, 2, (6, 8)), (2, 2, (5, 7))]


@pytest.mark.parametrize("pool", [pooling.max_pool, pooling.average_pool])
@pytest.mark.parametrize("size, stride, sides", with_long(CASES, USUAL))
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
