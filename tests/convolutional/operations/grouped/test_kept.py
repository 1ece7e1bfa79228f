"""What is kept stands in place of what would be computed again."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.grouped.kept import Kept


@pytest.mark.parametrize("images", [True, False])
def test_given_in_order(images):
    x = tf.constant([1.0, 2.0])
    first = Kept(images=images)
    assert first.image(x) is x and first.value(3.0 * x).shape == x.shape
    assert len(first.values) == 1 + images
    # Others than it would compute, so that it shows which they are.
    again = Kept([10.0 * value for value in first.values], images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = again.image(2.0 * x)
    np.testing.assert_array_equal(y, [10, 20] if images else [2, 4])
    np.testing.assert_array_equal(tape.gradient(y, x), [2, 2])
    np.testing.assert_array_equal(again.value(x), [30, 60])


def test_duals():
    x = Dual(tf.constant([1.0]), tf.constant([2.0]))
    kept = Kept()
    assert kept.image(x) is x
    y = Kept(kept.values).image(Dual(tf.constant([0.0]), tf.constant([0.0])))
    assert (y.value, y.tangent) == ([1.0], [2.0])
