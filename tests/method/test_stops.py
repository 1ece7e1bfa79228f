import keras
import numpy as np
import pytest

from darts_tf.method.history import SearchRecord, eigenvalues
from darts_tf.method.stops import (
    FirstOf,
    ManySkipConnections,
    RisingEigenvalue,
    StableRanking,
)
from tests.method.histories import history_of

RISING = RisingEigenvalue()


def rising_from(epoch, epochs=50, every=2):
    """Eigenvalues that begin to double after an epoch."""
    numbers = range(1, epochs + 1, every)
    return {n: 0.1 * (2.0 if n > epoch else 1.0) for n in numbers}


def test_a_rise_keeps_the_epoch_before_it():
    # Of the five newest values one is doubled at 31, two at 33: 0.14 / 0.1 > 1.3.
    values = rising_from(30)
    before = {k: v for k, v in values.items() if k < 33}
    assert RISING.kept_epoch(history_of(before)) is None
    assert RISING.kept_epoch(history_of(before | {33: values[33]})) == 33 - 12
    assert RISING.kept_epoch(history_of(values)) == 33 - 12


def test_values_of_every_epoch_are_taken_every_second_time():
    sparse, dense = rising_from(30), rising_from(30, every=1)
    assert RISING.values(history_of(dense)) == sparse
    assert RISING.kept_epoch(history_of(dense)) == RISING.kept_epoch(history_of(sparse))
    every = RisingEigenvalue(every=1)
    assert every.kept_epoch(history_of(dense)) == 32 - 6


def test_values_of_fewer_epochs_are_taken_as_they_come():
    values = {n: 0.3 if n > 60 else 0.1 for n in range(3, 100, 3)}
    assert RISING.values(history_of(values)) == values
    assert RISING.kept_epoch(history_of(values)) == 63 - 6 * 3


def test_nothing_is_kept_of_the_first_epochs():
    assert RISING.kept_epoch(history_of(rising_from(6))) is None
    early = RisingEigenvalue(first_epoch=1)
    assert early.kept_epoch(history_of(rising_from(12))) == 3


def test_falling_and_few_values_are_no_rise():
    falling = {n: 1 / n for n in range(1, 51, 2)}
    assert RISING.kept_epoch(history_of(falling)) is None
    assert RISING.averages(history_of({1: 0.1, 3: 0.2})) == {}
    assert RISING.averages(history_of({1: 0.1, 3: 0.2, 5: 0.6})) == {
        1: pytest.approx(0.3)
    }


def test_what_was_not_measured_is_left_out():
    history = history_of({2: 0.5, 4: np.nan, 5: 0.25})
    assert eigenvalues(history) == {2: 0.5, 5: 0.25}


def test_two_skip_connections_end_a_search():
    stop = ManySkipConnections()
    assert stop.kept_epoch(history_of(skips=[0, 1, 1])) is None
    assert stop.kept_epoch(history_of(skips=[0, 1, 2])) == 3
    assert stop.kept_epoch(history_of(skips=[0, 1, 4])) == 2
    assert stop.kept_epoch(history_of(skips=[3])) == 1


def alphas_in_order(*orders):
    """Alpha with these ranks on its only edge, another one each time."""
    return [np.array([order]) + 0.01 * i for i, order in enumerate(orders)]


def test_a_ranking_that_stays_ends_a_search():
    stop = StableRanking(3)
    first, second = (0, 1, 2, 3), (1, 0, 2, 3)
    for orders, kept in (
        ([first] * 2, None),
        ([first] * 3, 3),
        ([first, second, second], None),
        ([second, first, first, first], 4),
    ):
        history = history_of(alphas=alphas_in_order(*orders))
        assert stop.kept_epoch(history) == kept


def test_frozen_epochs_are_no_ranking_that_stays():
    frozen = [np.array([[0.0, 1.0]])] * 9
    assert StableRanking(3).kept_epoch(history_of(alphas=frozen)) is None
    moved = [*frozen, frozen[0] + 0.1, frozen[0] + 0.2]
    assert StableRanking(3).kept_epoch(history_of(alphas=moved)) == 11


def test_the_first_ranking_that_stays():
    """It is where the rule, asked after each epoch, would have ended the search."""
    random, found = np.random.default_rng(7), set()
    for _ in range(40):
        steps = random.integers(-1, 2, (9, 1, 3))
        history = history_of(alphas=[*np.cumsum(steps, axis=0).astype(float)])
        stop = StableRanking(3)
        ends = (stop.kept_epoch(history[:end]) for end in range(10))
        first = next((number for number in ends if number), None)
        assert stop.first_stable(history) == first
        found.add(first)
    assert {None, 3, 4, 9} <= found


def test_the_first_of_several_rules():
    stop = FirstOf((ManySkipConnections(), RISING))
    assert stop.eigenvalue_every == 2
    assert FirstOf((ManySkipConnections(), StableRanking())).eigenvalue_every is None
    several = FirstOf((RisingEigenvalue(every=6), RisingEigenvalue(every=4)))
    assert several.eigenvalue_every == 2
    history = history_of(rising_from(30))
    assert stop.kept_epoch(history) == 21
    assert stop.kept_epoch(history_of(skips=[1, 2])) == 2


@pytest.mark.parametrize(
    "stop", [RISING, StableRanking(4), FirstOf((ManySkipConnections(3), RISING))]
)
def test_a_stop_is_made_again_from_its_configuration(stop):
    config = keras.saving.serialize_keras_object(stop)
    assert keras.saving.deserialize_keras_object(config) == stop


def test_an_epoch_that_is_done_again_replaces_the_last_one():
    record = SearchRecord(history_of({1: 0.1, 2: 0.2, 3: 0.3}))
    (again,) = history_of({1: 0.4})
    record.add(again._replace(number=2))
    assert [x.number for x in record.epochs] == [1, 2]
    assert eigenvalues(record.epochs) == {1: 0.1, 2: 0.4}
