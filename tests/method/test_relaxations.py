"""Relaxations: TensorFlow and numpy side by side."""

import math

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.relaxations import Softmax, softmax
from darts_tf.space.cell_space import CellSpace

SPACE = CellSpace("normal", 2, 2, ("none", "skip_connect", "sep_conv_3x3"))


def test_softmax_is_computed_in_float64():
    alpha = np.array([[0, math.log(3)], [5000, -5000]], dtype=np.float32)
    found = softmax(alpha)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, [[0.25, 0.75], [1, 0]], rtol=1e-7)


@pytest.mark.parametrize("relaxation", [Softmax()])
def test_strengths_are_the_coefficients(relaxation):
    alpha = np.random.default_rng(0).normal(size=SPACE.alpha_shape)
    coefficients = relaxation.coefficients(SPACE, {"alpha": tf.constant(alpha)})
    strengths = relaxation.strengths(SPACE, {"alpha": alpha})
    np.testing.assert_allclose(coefficients, strengths, rtol=1e-14)


def test_alpha_begins_small_and_random():
    parameter = Softmax().parameters(SPACE)["alpha"]
    alpha = parameter.initializer(parameter.shape)
    assert alpha.shape == SPACE.alpha_shape and 0 < np.abs(alpha).max() < 0.01
