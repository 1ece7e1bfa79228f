import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from darts_tf.costs.latency.accuracy import accuracy, fitted, kendall, left_out


def test_errors_are_shares_of_what_was_measured():
    found = accuracy([1.0, 2.19, 3.0, 5.0], [1.0, 2.0, 4.0, 4.0])
    assert found.mean_error == pytest.approx((0 + 0.095 + 0.25 + 0.25) / 4)
    # A tenth is near enough.
    assert found.near == 0.5
    # Five pairs in the right order, and one with equal values on one side.
    assert found.rank_correlation == pytest.approx(5 / math.sqrt(6 * 5))


@pytest.mark.parametrize("seed", range(3))
def test_kendalls_tau(seed):
    first, second = np.random.default_rng(seed).integers(0, 6, (2, 12))
    expected = kendalltau(first, second).statistic
    assert kendall(first, second) == pytest.approx(expected, abs=1e-12)


def test_no_order_at_all():
    assert math.isnan(kendall([1, 1, 1], [1, 2, 3]))


def test_a_line_is_found():
    predicted = np.array([1.0, 2.0, 4.0, 7.0])
    line = fitted(predicted, 1.3 * predicted + 0.2)
    assert line == pytest.approx((1.3, 0.2))
    assert line(10.0) == pytest.approx(13.2)


def test_each_is_predicted_by_the_others():
    predicted = np.array([1.0, 2.0, 3.0, 4.0])
    measured = 2 * predicted + 1
    measured[-1] = 50.0
    assert left_out(predicted, measured)[-1] == pytest.approx(9.0)
    np.testing.assert_allclose(left_out(predicted[:3], measured[:3]), measured[:3])
