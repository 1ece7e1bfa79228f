import math

import numpy as np
import pytest

from darts_tf.zero_cost.known.nwot import code_score
from darts_tf.zero_cost.registry import get_score
from tests.zero_cost.chain import SHAPE, built_chain


def test_two_images_in_closed_form():
    """Of N places, d of which differ, the determinant is N^2 - (N - d)^2."""
    assert code_score([[7, 4], [4, 7]]) == pytest.approx(math.log(49 - 16), rel=1e-12)


def test_against_all_distances():
    codes = np.random.default_rng(0).integers(0, 2, (6, 50))
    distances = (codes[:, None] != codes[None]).sum(axis=2)
    eigenvalues = np.linalg.eigvalsh(50 - distances)
    expected = np.log(eigenvalues).sum()
    assert code_score(50 - distances) == pytest.approx(expected, rel=1e-9)


def test_equal_codes_have_the_lowest_score():
    kernel = np.array([[9, 9, 2], [9, 9, 2], [2, 2, 9]])
    assert code_score(kernel) == -math.inf
    assert code_score(np.zeros((3, 3))) == -math.inf


def test_a_network_without_relus():
    images = np.random.default_rng(3).normal(size=(3, *SHAPE))
    assert get_score("nwot")(built_chain(), images) == -math.inf
