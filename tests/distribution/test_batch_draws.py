"""Draws of one device; those of several are compared in test_replicas.py."""

import numpy as np
import tensorflow as tf

from darts_tf.distribution.batch_draws import drawn_part, own_replica, seed_of_replica


def draw(shape):
    return tf.random.stateless_uniform(shape, [1, 2])


def test_one_device_draws_for_all_of_its_batch():
    assert own_replica() == 0
    for shape in ([3, 4], tf.constant([3, 4])):
        part = drawn_part(draw, shape, own_replica, axis=1)
        np.testing.assert_array_equal(part, draw([3, 4]))


def test_a_seed_and_the_replica():
    found = seed_of_replica(tf.constant([5, 6]))
    assert found.dtype == tf.int64 and found.numpy().tolist() == [5, 6, 0]
