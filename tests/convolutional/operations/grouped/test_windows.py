"""What the taps of windows see, and what goes back from them."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations.grouped.windows import Windows
from tests.convolutional.operations.grouped.by_edge import normal

CASES = [((5, 4), (3, 2), 1, 1), ((4, 7), (3, 5), 2, 1), ((6, 5), (3, 3), 1, 2)]


@pytest.mark.parametrize("sides, size, stride, dilation", CASES)
def test_taps(sides, size, stride, dilation):
    windows = Windows(sides, size, stride, dilation)
    x = np.arange(1, 1 + np.prod(sides)).reshape(sides).astype(float)
    around = 2 * max(sides)
    padded = np.pad(x, around)
    taps = windows.taps(tf.constant(x))
    assert len(taps) == windows.count == np.prod(size)
    for index, tap in enumerate(taps):
        row, column = divmod(index, size[1])
        top, left = (
            around + dilation * i - dilation * (k - 1) // 2
            for i, k in zip((row, column), size)
        )
        expected = padded[top:, left:][: sides[0], : sides[1]][::stride, ::stride]
        np.testing.assert_array_equal(tap, expected)


@pytest.mark.parametrize("sides, size, stride, dilation", CASES)
def test_spread_transposes_taps(sides, size, stride, dilation):
    windows = Windows(sides, size, stride, dilation)
    x = tf.constant(normal(2, *sides))
    taps = windows.taps(x)
    factors = normal(windows.count, seed=1)
    image = tf.constant(normal(*taps[0].shape, seed=2))
    spread = windows.spread([(image, 0)], lambda tap, image: factors[tap] * image)
    forward = sum(factor * tap for factor, tap in zip(factors, taps))
    np.testing.assert_allclose(
        tf.reduce_sum(spread * x), tf.reduce_sum(forward * image), rtol=1e-12
    )


def test_taps_inside():
    windows = Windows((3, 2), (3, 2))
    ones = tf.ones([3, 2], tf.float64)
    np.testing.assert_array_equal(windows.inside(), tf.add_n(windows.taps(ones)))
