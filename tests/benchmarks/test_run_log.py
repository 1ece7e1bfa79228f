import pytest

from benchmarks.run_log import RunLog, mark_of
from darts_tf.errors import UserError


class SeedLog(RunLog):
    """A log of runs that a method and a seed tell apart."""

    KEY = ("method", "seed")
    COLUMNS = (*KEY, "settings", "value")


def row(method, seed, value):
    return {"method": method, "seed": seed, "settings": "abc", "value": value}


@pytest.fixture
def log(tmp_path):
    log = SeedLog(tmp_path / "log.csv")
    log.append([row("darts", 1, 0.5), row("darts", 1, 0.6), row("random", 1, 0.7)])
    return log


def test_rows_of_a_run(log):
    assert [each["value"] for each in log.rows_of(("darts", 1))] == ["0.5", "0.6"]
    assert log.holds(("random", 1)) and not log.holds(("random", 2))


def test_other_settings_are_refused(log):
    log.check(("darts", 1), "darts", "abc")
    log.check(("darts", 2), "darts", "other")
    with pytest.raises(UserError, match=r"log\.csv: darts has had other settings"):
        log.check(("darts", 1), "darts", "other")


def test_a_mark_is_that_of_the_settings():
    assert mark_of([{"a": 1, "b": 2}]) == mark_of([{"b": 2, "a": 1}])
    assert mark_of([{"a": 1}]) != mark_of([{"a": 2}]) and len(mark_of([])) == 8
