import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.primitives.base import source_views


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("name", "size"), [("nor_conv_1x1", 1), ("nor_conv_3x3", 3)])
def test_relu_convolution_and_normalization(name, size, stride):
    """Against the sum over the window, normalized with the batch's statistics."""
    operation = EvaluationOperation(name, 4, stride)
    operation.build()
    x = np.random.default_rng(0).normal(size=(3, 7, 6, 4)).astype("float32")
    views = source_views(tf.constant(x), operation.view_names, stride)
    kernel = operation.kernels.numpy().reshape(size, size, 4, 4)
    around = [(0, 0), (size // 2, size // 2), (size // 2, size // 2), (0, 0)]
    padded = np.pad(np.maximum(x, 0), around)
    y = sum(
        padded[:, row : row + 7 : stride, column : column + 6 : stride]
        @ kernel[row, column]
        for row in range(size)
        for column in range(size)
    )
    expected = (y - y.mean((0, 1, 2))) / np.sqrt(y.var((0, 1, 2)) + 1e-5)
    found = operation(views, training=True)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert sum(np.prod(w.shape) for w in operation.trainable_weights) == (
        size**2 * 16 + 8
    )
