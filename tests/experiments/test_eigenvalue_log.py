import csv
import dataclasses
import math

import pytest

from darts_tf.experiments.convolutional_search.experiment import ConvolutionalSearch
from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.eigenvalue_log import COLUMNS, schedule
from darts_tf.experiments.kept_epochs import recommended
from darts_tf.method.history import eigenvalues
from darts_tf.method.methods import DARTS
from darts_tf.method.stops import (
    FirstOf,
    ManySkipConnections,
    RisingEigenvalue,
    StableRanking,
)
from tests.experiments.small_searches import SMALL

pytestmark = pytest.mark.usefixtures("shared_edges")

TINY = dataclasses.replace(SMALL, eigenvalue="auto")


def due(*arguments, epochs=9):
    is_due = schedule(*arguments)
    return [epoch for epoch in range(epochs) if is_due(epoch)]


def test_when_it_is_computed():
    rising = RisingEigenvalue()
    assert due("log", None, 9, 1, 1) == list(range(9))
    assert due("stop", rising, 9, 1, 1) == [0, 2, 4, 6, 8]
    assert due("auto", rising, 8, 1, 1, epochs=8) == [0, 2, 4, 6, 7]
    # 20 products are a twentieth of 400 passes.
    assert due("auto", None, 9, 200, 2) == list(range(9))
    assert due("auto", None, 9, 199, 2) == [1, 3, 5, 7]
    assert due("auto", ManySkipConnections(), 9, 25, 4) == [3, 7]
    assert due("auto", None, 9, 2, 2) == []


def test_settings_add_a_stop():
    config = dataclasses.replace(TINY, eigenvalue="stop")
    assert TINY.search_method() == DARTS
    assert config.search_method().stop == RisingEigenvalue()
    several = dataclasses.replace(config, stop=("stable_ranking", "skip_connections"))
    rules = (StableRanking(), ManySkipConnections())
    assert several.search_method().stop == FirstOf((*rules, RisingEigenvalue()))
    off = dataclasses.replace(several, eigenvalue="off")
    assert off.search_method().stop == FirstOf(rules)


def table(folder, without=()):
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    measured = {"seconds", "peak_memory_gb", *without}
    return [{k: v for k, v in row.items() if k not in measured} for row in rows]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same search without the eigenvalue, and with it in every epoch."""
    root = tmp_path_factory.mktemp("runs")
    return [
        ConvolutionalSearch(dataclasses.replace(TINY, eigenvalue=setting)).run(
            root / setting
        )
        for setting in ("off", "log")
    ]


def test_it_is_in_the_table_and_changes_nothing_else(folders):
    off, log = folders
    assert table(off) == table(log, without=COLUMNS)
    rows = table(log)
    for row in rows:
        value, residual, products = (float(row[name]) for name in COLUMNS)
        assert math.isfinite(value) and 0 <= residual <= 1.01e-3 * abs(value)
        assert 1 <= products <= 20
    assert len({row["eigenvalue"] for row in rows}) == len(rows)
    assert not set(COLUMNS) & set(table(off)[0])


def test_it_is_in_the_report(folders):
    off, log = folders
    assert len(eigenvalues(read_run(log).history)) == 2
    assert "Largest eigenvalue" in (log / "report.html").read_text()
    assert "Largest eigenvalue" not in (off / "report.html").read_text()


@pytest.fixture
def early_stop(monkeypatch):
    """The rule of `stop`, with numbers that stop a search of a few epochs."""
    rule = RisingEigenvalue(1, window=1, distance=1, factor=-1.0, first_epoch=1)
    monkeypatch.setattr("darts_tf.method.stops.RisingEigenvalue", lambda: rule)
    return rule


@pytest.mark.long
def test_a_stopped_search_stays_stopped(early_stop, tmp_path):
    config = dataclasses.replace(TINY, eigenvalue="stop", epochs=9)
    folder = ConvolutionalSearch(config).run(tmp_path / "run")
    # The mean of one value stands for the epoch two values before.
    assert [row["epoch"] for row in table(folder)] == ["1", "2", "3", "4"]
    run = read_run(folder)
    assert run.stop == config.search_method().stop == early_stop
    kept = recommended(run)
    assert kept.epoch == 1 and "stop after epoch 4" in kept.reason
    before = table(folder)
    ConvolutionalSearch(config).run(folder)
    assert table(folder) == before
