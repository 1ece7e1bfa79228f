import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.convolutional.residual_block import ResidualBlock


def make_block(shape=(None, 8, 6, 3), dtype="float64"):
    block = ResidualBlock(4, dtype=dtype)
    block.build(shape)
    return block


def test_it_is_the_sum_of_two_convolutions_and_a_pool():
    block = make_block()
    x = np.random.default_rng(0).normal(size=(2, 8, 6, 3))
    first, second, shortcut = (
        unit.kernel.numpy() for unit in (*block.units, block.shortcut)
    )
    pooled = x.reshape(2, 4, 2, 3, 2, 3).mean((2, 4))
    expected = pooled @ shortcut[0, 0]
    y = normalized(convolution(np.maximum(x, 0), first)[:, ::2, ::2])
    expected += normalized(convolution(np.maximum(y, 0), second))
    np.testing.assert_allclose(block(x, training=True), expected, rtol=1e-10)


def convolution(x, kernel):
    """A 3x3 convolution around every pixel, by its nine shifts."""
    _, height, width, _ = x.shape
    x = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    return sum(
        x[:, row : row + height, column : column + width] @ kernel[row, column]
        for row in range(3)
        for column in range(3)
    )


def normalized(x):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return (x - mean) / np.sqrt(variance + 1e-5)


def test_published_numbers_of_weights():
    for channels, count in ((16, 14_464), (32, 57_600)):
        block = ResidualBlock(2 * channels)
        block.build((None, 8, 8, channels))
        assert sum(np.prod(w.shape) for w in block.trainable_weights) == count


@pytest.mark.parametrize("size", [(8, 8), (7, 5), (1, 1)])
def test_any_size(size):
    block = make_block((None, *size, 3))
    x = tf.random.normal([2, *size, 3], dtype="float64")
    assert block(x).shape == block.compute_output_shape(x.shape)
    assert ResidualBlock.from_config(block.get_config()).filters == 4


def test_tangents_are_derivatives():
    block = make_block()
    rng = np.random.default_rng(1)
    x = tf.constant(rng.normal(size=(2, 8, 6, 3)))
    weights = block.trainable_variables
    directions = [rng.normal(size=w.shape) for w in weights]
    with dual.along(weights, [tf.constant(d) for d in directions]):
        found = block(inputs=x, training=True).tangent
    values, step, results = [w.numpy() for w in weights], 1e-6, []
    for sign in (1, -1):
        for weight, value, direction in zip(weights, values, directions):
            weight.assign(value + sign * step * direction)
        results.append(block(x, training=True).numpy())
    expected = (results[0] - results[1]) / (2 * step)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
