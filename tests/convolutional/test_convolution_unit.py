import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.convolution_unit import ConvolutionUnit


@pytest.mark.parametrize("size, padding", [(1, 0), (2, 0), (3, 1)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("height, width", [(8, 8), (7, 10)])
def test_equals_explicit_convolution(size, padding, stride, height, width):
    unit = ConvolutionUnit(4, size, stride, relu=True, normalized=False)
    images = keras.random.normal((2, height, width, 3))
    around = [[0, 0], [padding] * 2, [padding] * 2, [0, 0]]
    expected = (
        unit(images),
        tf.nn.conv2d(tf.nn.relu(images), unit.kernel, stride, around),
    )
    np.testing.assert_allclose(*expected, rtol=1e-5, atol=1e-5)
    assert unit.compute_output_shape(images.shape) == expected[0].shape


@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 10), (3, 4)])
def test_without_padding(height, width):
    unit = ConvolutionUnit(4, 3, 2, normalized=False, padding="valid")
    images = keras.random.normal((2, height, width, 3))
    got, expected = unit(images), tf.nn.conv2d(images, unit.kernel, 2, "VALID")
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)
    assert unit.compute_output_shape(images.shape) == expected.shape
    assert ConvolutionUnit.from_config(unit.get_config()).padding == "valid"


def test_unit_from_config():
    unit = ConvolutionUnit(4, 3, 2, relu=True)
    config = unit.get_config()
    assert ConvolutionUnit.from_config(config).get_config() == config
    images = 3 + keras.random.normal((64, 4, 4, 3))
    outputs = unit(images, training=True)
    np.testing.assert_allclose(
        tf.reduce_mean(outputs, [0, 1, 2]), np.zeros(4), atol=1e-5
    )
