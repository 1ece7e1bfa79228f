"""Images of edges come from a state, and are joined and taken apart."""

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.grouped import images
from tests.convolutional.operations.grouped.by_edge import normal


def test_a_state_and_back():
    state = tf.constant(normal(2, 3, 4, 5))
    x = images.of_state(state)
    assert x.shape == (1, 5, 2, 3, 4)
    assert images.are_grouped(x) and not images.are_grouped(state)
    (output,) = images.to_outputs(x)
    np.testing.assert_array_equal(output, state)


def test_gradients_are_the_transposes():
    state = tf.constant(normal(2, 3, 4, 5))
    weights = normal(3, 2, 3, 4, 5, seed=1)
    with tf.GradientTape() as tape:
        tape.watch(state)
        x = images.of_state(state)
        all_edges = images.joined([x, 2.0 * x, 3.0 * x])
        first, others = images.parted(all_edges, [1, 2])
        y = images.to_outputs(images.joined([others, first]))
        loss = tf.reduce_sum(weights * tf.stack(y))
    expected = np.tensordot([2, 3, 1], weights, 1)
    np.testing.assert_allclose(tape.gradient(loss, state), expected, rtol=1e-12)


def test_tensors_beside_duals_stand_still():
    x = tf.constant(normal(1, 2, 1, 2, 2))
    y = images.joined([x, Dual(x, 2.0 * x)])
    np.testing.assert_array_equal(y.tangent, tf.concat([0.0 * x, 2.0 * x], 0))
    y = images.channels_joined(x, Dual(x, 2.0 * x))
    np.testing.assert_array_equal(y.tangent, tf.concat([0.0 * x, 2.0 * x], 1))
