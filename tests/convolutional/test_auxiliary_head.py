import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.auxiliary_head import AuxiliaryHead, pool_corners


def random_images(height, width, channels=2):
    random = np.random.default_rng(1)
    return tf.constant(random.normal(size=(3, height, width, channels)))


@pytest.mark.parametrize("size, stride", [(8, 3), (7, 2)])
def test_published_sizes_are_pooled_as_published(size, stride):
    images = random_images(size, size)
    pooled = tf.nn.avg_pool2d(images, 5, stride, "VALID")
    np.testing.assert_allclose(pool_corners(images), pooled, rtol=1e-12)


@pytest.mark.parametrize("height, width", [(1, 1), (2, 3), (4, 1), (9, 16), (56, 5)])
def test_any_size_is_pooled_to_four_pixels(height, width):
    images = random_images(height, width)
    pooled = pool_corners(images)
    assert pooled.shape == (3, 2, 2, 2)
    rows, columns = -(-5 * height // 8), -(-5 * width // 8)
    corner = tf.reduce_mean(images[:, :rows, -columns:], [1, 2])
    np.testing.assert_allclose(pooled[:, 0, 1], corner, rtol=1e-12)


def test_head_from_config():
    head = AuxiliaryHead(7, last_normalized=False)
    config = head.get_config()
    assert AuxiliaryHead.from_config(config).get_config() == config
    images = tf.cast(random_images(6, 5), tf.float32)
    assert head(images).shape == head.compute_output_shape(images.shape) == (3, 7)
