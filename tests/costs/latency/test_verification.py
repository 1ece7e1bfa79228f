"""Whole networks; those of a real table are in tests/experiments."""

import numpy as np
import pytest

from darts_tf.costs.latency import verification
from darts_tf.costs.latency.measuring import Conditions
from darts_tf.costs.latency.verification import (
    VerifiedLatency,
    measured_latency,
)
from darts_tf.formats.timing import Timing
from tests.costs.latency.small_tables import CALL, CONVOLUTION, small_table


def test_words():
    certain = VerifiedLatency(2.0, 2.5, 2.0, True)
    assert str(certain) == (
        "predicted 2 ms, measured 2.5 ms (+25.0%); at the table's pace 2 ms (+0.0%)"
    )
    doubtful = VerifiedLatency(2.0, 1.5, 2.2, False)
    assert str(doubtful) == (
        "predicted 2 ms, measured 1.5 ms (-25.0%); at the table's pace 2.2 ms "
        "(+10.0%); its measurements do not agree"
    )


def test_a_network_at_the_pace_of_the_table(monkeypatch):
    """The reference takes half a millisecond there, and a whole one meanwhile."""

    class MadeUpNetwork:
        def parts(self, genotype):
            return [CONVOLUTION, CALL]

    def timed(self, paths):
        return Timing(np.array([[1, 1], [4, 4]]) / 1000, np.full((2, 2), 1 / 1000))

    monkeypatch.setattr(Conditions, "time", timed)
    for name in ("check_packages", "whole_model", "make_model", "write_model"):
        monkeypatch.setattr(verification, name, lambda *arguments: None)
    found = verification.verify_latency(MadeUpNetwork(), None, small_table())
    assert found == (pytest.approx(0.5 * 0.93), pytest.approx(4), 2.0, True)


@pytest.mark.parametrize(
    "times, value, is_certain",
    [((2, 2, 9), 2, True), ((2, 3, 3), 3, True), ((2, 3, 2, 3, 2), 2, False)],
)
def test_a_network_is_timed_until_two_agree(times, value, is_certain):
    left = iter(times)

    class MadeUpTimes(Conditions):
        def time(self, paths):
            assert paths == ["model"]
            seconds = np.full((1, 3), next(left) / 1000)
            return Timing(seconds, seconds)

    found = measured_latency("model", MadeUpTimes("litert"))
    assert found.value == pytest.approx(value) and found.is_certain == is_certain
