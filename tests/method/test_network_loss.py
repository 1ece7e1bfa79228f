"""Derivatives of the loss of a network that computes in float16."""

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.method.slots import OPERATIONS
from darts_tf.optimization.loss_scale import LossScale


class HalfNetwork(keras.layers.Layer):
    """Images times alpha, and a sigmoid, in float16."""

    takes_duals = True
    weights_w = ()

    def coefficients(self, values, drawn=None):
        return {"only": {OPERATIONS: values[0]}}

    def call(self, images, training, coefficients, constant_weights=False):
        factors = dual_operations.cast(coefficients["only"][OPERATIONS], "float16")
        return dual_operations.sigmoid(factors * images)


def test_a_short_direction_in_half_precision():
    """Along which images change by less than float16 can hold."""
    random = np.random.default_rng(0)
    images = tf.constant(random.normal(size=(5, 4)), tf.float16)
    alpha, v = (tf.constant(random.normal(size=4), tf.float32) for _ in range(2))
    loss = NetworkLoss(
        HalfNetwork(),
        lambda labels, y: tf.reduce_mean(tf.cast(y, tf.float32) ** 2),
        loss_scale=LossScale(),
    )
    objective = loss.on_batch(images, None)
    expected, gradient = objective.alpha_product([], [alpha], [v])
    found, same = objective.alpha_product([], [alpha], [1e-8 * v])
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(1e8 * found[0], expected[0], rtol=0.01, atol=1e-4)
    np.testing.assert_allclose(same[0], gradient[0], rtol=1e-6)
