"""Statistics of edges whose primitives are computed in parts."""

import numpy as np
import tensorflow as tf

from darts_tf.convolutional.forms import stored_moments
from darts_tf.convolutional.forms.edge_operations import EdgeOperations

PRIMITIVES = ("conv_3x3", "max_pool_3x3", "sep_conv_3x3", "identity")


def test_parts_and_back():
    edge_type = EdgeOperations(PRIMITIVES, 2, 1)
    parts = edge_type.by_form
    # Of each of two edges 2 channels, and then twice 2; before them 2 that they share.
    moments = tf.constant(np.arange(28.0).reshape(2, 14))
    grouped, others = stored_moments.parted(edge_type, 2, parts, moments)
    np.testing.assert_array_equal(grouped[0], [0, 1, 4, 5, 6, 7, 10, 11, 12, 13])
    np.testing.assert_array_equal(others[1], [16, 17, 22, 23])
    both = stored_moments.joined(edge_type, 2, parts, [grouped, others])
    np.testing.assert_array_equal(both, moments)


def test_a_part_without_statistics():
    edge_type = EdgeOperations(PRIMITIVES[1:], 2, 1)
    moments = tf.constant(np.arange(12.0).reshape(2, 6))
    grouped, others = stored_moments.parted(edge_type, 1, edge_type.by_form, moments)
    np.testing.assert_array_equal(grouped, moments)
    assert others.shape == (2, 0)
