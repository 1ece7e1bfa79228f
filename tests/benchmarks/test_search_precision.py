import numpy as np
import pytest

from benchmarks.search_precision import angle_and_ratio


def test_angle_and_ratio():
    angle, ratio = angle_and_ratio(np.array([3.0, 3.0]), np.array([2.0, 0.0]))
    assert angle == pytest.approx(45) and ratio == pytest.approx(3 / np.sqrt(2))
    # Where the arc cosine of the product would be 0.
    angle, _ = angle_and_ratio(np.array([1.0, 1e-9]), np.array([1.0, 0.0]))
    assert angle == pytest.approx(np.degrees(1e-9))
