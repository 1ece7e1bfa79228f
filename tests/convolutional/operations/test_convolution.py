import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.convolution import conv2d, windowed_conv2d


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [1, 3])
def test_float32_has_values_and_gradients_of_the_definition(size, stride):
    """Against the sum over the window, differentiated in float64."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 7, 6, 3))
    kernel = rng.normal(size=(size, size, 3, 4))
    weights = rng.normal(size=definition(x, kernel, stride).shape)
    results = []
    for function, dtype in ((definition, "float64"), (conv2d, "float32")):
        inputs = [tf.constant(each, dtype) for each in (x, kernel)]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = function(*inputs, stride)
            total = tf.reduce_sum(y * tf.constant(weights, dtype))
        results.append([y, *tape.gradient(total, inputs)])
    for exact, found in zip(*results, strict=True):
        np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-4)


def definition(x, kernel, stride):
    size = kernel.shape[0]
    around = [size // 2, size // 2]
    _, height, width, _ = x.shape
    x = tf.pad(x, [[0, 0], around, around, [0, 0]])
    return tf.add_n(
        [
            tf.tensordot(
                x[:, row : row + height : stride, column : column + width : stride],
                kernel[row, column],
                1,
            )
            for row in range(size)
            for column in range(size)
        ]
    )


def test_tangents():
    rng = np.random.default_rng(1)
    x, dx = (tf.constant(rng.normal(size=(2, 5, 5, 3))) for _ in "ab")
    kernel, dkernel = (tf.constant(rng.normal(size=(3, 3, 3, 2))) for _ in "ab")
    found = conv2d(Dual(x, dx), Dual(kernel, dkernel))
    np.testing.assert_array_equal(found.value, conv2d(x, kernel))
    expected = conv2d(dx, kernel) + conv2d(x, dkernel)
    np.testing.assert_allclose(found.tangent, expected, rtol=1e-12)


@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (1, 2)])
@pytest.mark.parametrize("window", [(2, 2), (1, 3), (5, 1)])
def test_windows_of_any_sides(window, strides):
    """TensorFlow's `SAME` is the same where the sides divide by the strides."""
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 6, 8, 3)))
    kernel = tf.constant(rng.normal(size=(*window, 3, 2)))
    found = windowed_conv2d(x, kernel, strides)
    if all(k % 2 == 0 or s == 1 or k == 1 for k, s in zip(window, strides)):
        expected = tf.nn.conv2d(x, kernel, strides, "SAME")
    else:
        full = tf.nn.conv2d(x, kernel, 1, "SAME")
        expected = full[:, :: strides[0], :: strides[1]]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
