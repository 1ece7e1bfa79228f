import math

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zero_cost.known.jacob_cov import jacobian_score
from darts_tf.zero_cost.observed_pass import observe
from darts_tf.zero_cost.registry import get_score
from tests.zero_cost.chain import SHAPE, built_chain

K = 1e-5


def score_of_eigenvalues(*values):
    return -sum(math.log(v + K) + 1 / (v + K) for v in values)


def test_a_linear_map_responds_alike_to_all_images():
    matrix = np.random.default_rng(0).normal(size=(6, 3))
    images = tf.random.normal((4, 2, 3, 1), dtype=tf.float64)

    def call(images):
        return observe(lambda x: tf.reshape(x, [4, 6]) @ matrix, images)

    jacobian = tf.function(call, autograph=False)(images).jacobian
    np.testing.assert_allclose(jacobian, np.tile(matrix.sum(1), (4, 1)))
    expected = score_of_eigenvalues(4, 0, 0, 0)
    assert jacobian_score(jacobian.numpy()) == pytest.approx(expected, rel=1e-8)


def test_uncorrelated_gradients_have_the_highest_score():
    rows = np.array([[1, -1, 1, -1.0], [1, 1, -1, -1], [1, -1, -1, 1]])
    highest = jacobian_score(5 * rows + 3)
    assert highest == pytest.approx(score_of_eigenvalues(1, 1, 1))
    assert highest == pytest.approx(-3, rel=1e-4)


def test_two_images_in_closed_form():
    """Their correlation r has the eigenvalues 1 + r and 1 - r."""
    first, second = np.random.default_rng(1).normal(size=(2, 9))
    r = np.corrcoef(first, second)[0, 1]
    expected = score_of_eigenvalues(1 + r, 1 - r)
    assert jacobian_score([first, second]) == pytest.approx(expected, rel=1e-9)


def test_more_images_by_numpy():
    rows = np.random.default_rng(2).normal(size=(6, 40))
    values = np.linalg.eigvals(np.corrcoef(rows))
    expected = score_of_eigenvalues(*values.real)
    assert jacobian_score(rows) == pytest.approx(expected, rel=1e-9)


def test_a_gradient_that_is_constant_has_the_lowest():
    assert jacobian_score(np.array([[0, 0, 0.0], [1, 2, 3]])) == -math.inf


def test_a_network():
    images = np.random.default_rng(3).normal(size=(3, *SHAPE))
    assert math.isfinite(get_score("jacob_cov")(built_chain(), images))
