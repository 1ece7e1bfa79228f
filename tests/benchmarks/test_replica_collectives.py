import pytest

from benchmarks.replica_collectives import communication_seconds


def test_communication():
    assert communication_seconds([], 8, 1.0, 1.0) == 0
    # Two devices exchange halves, and then the sums of halves.
    assert communication_seconds([100, 300], 2, 0.0, 200) == 2
    assert communication_seconds([4] * 3, 4, 1.0, 6) == pytest.approx(6)
