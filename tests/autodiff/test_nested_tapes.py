"""What is differentiated twice is known to be."""

import tensorflow as tf

from darts_tf.autodiff import nested_tapes
from darts_tf.method.architecture_gradient import Objective


def test_second_derivatives_open_nested_tapes():
    seen = []

    def loss(w, alpha):
        seen.append(nested_tapes.are_open())
        return w[0] ** 2 * alpha[0], None

    w, alpha = [tf.constant(3.0)], [tf.constant(2.0)]
    objective = Objective(loss)
    objective.gradients(w, alpha)
    objective.mixed_product(w, alpha, w)
    objective.alpha_product(w, alpha, alpha)
    assert seen == [False, True, True]
    assert not nested_tapes.are_open()
