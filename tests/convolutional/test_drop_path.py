import keras
import numpy as np
import tensorflow as tf

from darts_tf.convolutional.drop_path import path_scales


def test_scales_drop_with_the_rate_and_keep_the_mean():
    keras.utils.set_random_seed(1)
    scales = path_scales(200, 300, tf.constant(0.2)).numpy()
    assert scales.shape == (200, 300, 1, 1, 1)
    np.testing.assert_allclose(np.unique(scales), [0, 1.25])
    # Four standard deviations.
    assert abs(scales.mean() - 1) < 4 * 0.5 / np.sqrt(scales.size)
    # Paths and images draw for themselves.
    assert scales.std(axis=0).min() > 0 and scales.std(axis=1).min() > 0


def test_rate_zero_keeps_all():
    np.testing.assert_array_equal(path_scales(3, 5, tf.constant(0.0)), 1)
