"""One image, weighed for all edges."""

import numpy as np
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.grouped.mixing import weighed
from tests.convolutional.operations.grouped.by_edge import normal


def test_weighed_and_its_gradients():
    x, c = tf.constant(normal(1, 2, 3, 4, 5)), tf.constant(normal(3, seed=1))
    upstream = normal(3, 2, 3, 4, 5, seed=2)
    with tf.GradientTape() as tape:
        tape.watch([x, c])
        y = weighed(x, c)
    np.testing.assert_allclose(y, np.multiply.outer(c, x[0]), rtol=1e-12)
    in_x, in_c = tape.gradient(y, [x, c], tf.constant(upstream))
    np.testing.assert_allclose(in_x[0], np.tensordot(c, upstream, 1), rtol=1e-12)
    np.testing.assert_allclose(in_c, np.tensordot(upstream, x[0], 4), rtol=1e-12)


def test_duals():
    x, c = tf.constant(normal(1, 2, 3, 4, 5)), tf.constant(normal(3, seed=1))
    y = weighed(Dual(x, 2.0 * x), Dual(c, 3.0 * c))
    np.testing.assert_allclose(y.tangent, 5 * weighed(x, c), rtol=1e-12)
