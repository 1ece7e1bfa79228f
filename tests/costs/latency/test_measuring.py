"""The course of a measurement, of made-up times; real runtimes are in other tests."""

import itertools
from collections import Counter

import numpy as np
import pytest

from darts_tf.costs.latency import measuring
from darts_tf.costs.latency.measuring import (
    Conditions,
    WholeNetwork,
    measure_parts,
    measured_models,
    reference_part,
)
from darts_tf.costs.latency.part_models import FRAME, NETWORK, SUM, frames
from darts_tf.costs.latency.table import Entry
from darts_tf.formats.timing import Timing
from tests.costs.latency.small_tables import CALL, CONVOLUTION, POOL
from tests.long_cases import with_long

PARTS = {CALL, CONVOLUTION, POOL}


class MadeUpTimes(Conditions):
    """Where a call takes 3, each convolution around a part 5, and the part itself 7.

    Attributes:
        factors: Those of the times of a part, of which each measurement has the next.
        networks: The time of each whole network.
        counts: How often each part was measured.
    """

    def __new__(cls, factors=None, networks=None):
        return super().__new__(cls, "litert")

    def __init__(self, factors=None, networks=None):
        self.networks = networks or {}
        self.factors = {part: itertools.cycle(x) for part, x in (factors or {}).items()}
        self.counts = Counter()

    def time(self, paths):
        reference = self._time(paths[0])
        seconds = [reference]
        for part in paths[1:]:
            self.counts[part] += 1
            seconds.append(self._time(part) * next(self.factors.get(part, iter([1]))))
        of_two = np.transpose([seconds, seconds]) / 1000
        return Timing(of_two, np.full_like(of_two, reference / 1000))

    def _time(self, part):
        if part.layer == NETWORK:
            return self.networks[part]
        own = 0 if part.layer in (FRAME, CALL.layer) else 7
        return 3 + 5 * len(frames(part)) + own


@pytest.fixture(autouse=True)
def without_files(monkeypatch):
    """A part takes the place of its model and of the file of that."""
    monkeypatch.setattr(measuring, "make_model", lambda part: part)
    monkeypatch.setattr(measuring, "write_model", lambda part, runtime, folder: part)
    monkeypatch.setattr(measuring, "_BATCH", 2)
    # Of which there is none, and looking for it takes a second each time.
    monkeypatch.setattr(measuring.gc, "collect", lambda: 0)


def test_the_reference_has_weights():
    assert reference_part(PARTS) == CONVOLUTION
    assert reference_part({CALL, POOL}) == POOL


def test_models_are_those_of_parts_and_what_is_around_them():
    models = measured_models(PARTS)
    # At 8 pixels frame and addition, at 4 pixels likewise.
    kinds = Counter(model.layer for model in models)
    assert kinds == {"call": 1, "operation": 2, FRAME: 2, SUM: 2}


def test_a_table_of_times_without_frames(tmp_path):
    times = MadeUpTimes()
    table = measure_parts(PARTS, CONVOLUTION, times, tmp_path / "table.json")
    assert table.reference == CONVOLUTION and table.milliseconds == pytest.approx(20)
    # An operation has half of an addition.
    assert {part: entry.ratio for part, entry in table.entries.items()} == {
        CALL: pytest.approx(3 / 20),
        CONVOLUTION: pytest.approx(10.5 / 20),
        POOL: pytest.approx(10.5 / 20),
    }
    assert table.uncertain_share == 0 and set(times.counts.values()) == {2}
    assert not (tmp_path / "table.json").exists()


def test_a_table_is_scaled_by_whole_networks(tmp_path):
    networks = [_whole(CALL, POOL), _whole(CALL, POOL, POOL)]
    # The parts of the first take 13.5 together, those of the second 24.
    times = MadeUpTimes(networks={networks[0].name: 2 * 13.5, networks[1].name: 3 * 24})
    output = tmp_path / "table.json"
    table = measure_parts(PARTS, CONVOLUTION, times, output, networks)
    plain = measure_parts(PARTS, CONVOLUTION, MadeUpTimes(), output)
    assert plain.scale == 1 and table.entries == plain.entries
    # The least sum of (scale / 2 - 1)^2 + (scale / 3 - 1)^2.
    assert table.scale == pytest.approx((1 / 2 + 1 / 3) / (1 / 4 + 1 / 9))
    # Each comes in the middle of its half of the models.
    assert [*times.counts].index(networks[0].name) == 2
    assert [*times.counts].index(networks[1].name) == 6
    assert set(times.counts.values()) == {2}
    # Nothing is measured again.
    again = measure_parts(PARTS, CONVOLUTION, MadeUpTimes(), output, networks)
    assert again.scale == table.scale


def _whole(*parts):
    network = WholeNetwork(parts, None)
    return network._replace(make_model=lambda: network.name)


def test_what_differs_is_measured_again(tmp_path):
    factors = {POOL: [1, 1.5, 1, 1.5], CONVOLUTION: [2, 1, 1.02]}
    times = MadeUpTimes(factors)
    table = measure_parts(PARTS, CONVOLUTION, times, tmp_path / "table.json")
    others = set(times.counts) - set(factors)
    assert times.counts[POOL] == 5 and times.counts[CONVOLUTION] == 3
    assert {times.counts[part] for part in others} == {2}
    certain = {part: entry.is_certain for part, entry in table.entries.items()}
    assert certain == {CALL: True, CONVOLUTION: True, POOL: False}
    assert table.entries[POOL] == Entry(
        pytest.approx(10.5 / 20), pytest.approx(0.5), False
    )
    assert table.entries[CONVOLUTION].ratio == pytest.approx((20.2 - 9.5) / 20)


def test_noise_leaves_no_negative_time(tmp_path):
    """Of a part, that is; its addition is left."""
    times = MadeUpTimes({POOL: [0.1]})
    table = measure_parts(PARTS, CONVOLUTION, times, tmp_path / "table.json")
    assert table.entries[POOL].ratio == pytest.approx(3.5 / 20)


@pytest.mark.parametrize("calls", with_long((1, 2, 5), (2,)))
def test_a_measurement_that_was_cut_off_goes_on(tmp_path, monkeypatch, calls):
    whole = measure_parts(PARTS, CONVOLUTION, MadeUpTimes(), tmp_path / "whole.json")
    first, second = MadeUpTimes(), MadeUpTimes()
    timed, left = first.time, iter(range(calls))

    def interrupted(paths):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return timed(paths)

    first.time = interrupted
    with pytest.raises(KeyboardInterrupt):
        measure_parts(PARTS, CONVOLUTION, first, tmp_path / "table.json")
    found = measure_parts(PARTS, CONVOLUTION, second, tmp_path / "table.json")
    assert found.entries == whole.entries
    assert set((first.counts + second.counts).values()) == {2}
