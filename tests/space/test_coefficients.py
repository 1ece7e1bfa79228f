"""Measures of coefficients."""

import math

import numpy as np
import pytest

from darts_tf.space.coefficients import entropy


def test_entropy_runs_from_uniform_to_certain():
    assert entropy(np.full((5, 8), 1 / 8)) == pytest.approx(math.log(8))
    assert entropy(np.array([[1.0, 0.0], [0.0, 1.0]])) == 0
    mixed = entropy(np.array([[0.5, 0.5], [1.0, 0.0]]))
    assert mixed == pytest.approx(math.log(2) / 2)
