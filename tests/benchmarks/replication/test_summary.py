import math

import pytest

from benchmarks.replication.items import RANDOM, SECOND
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.settings import IMAGES, TEXTS
from benchmarks.replication.summary import Estimate, outcomes_of, table_of
from darts_tf.report.tables import as_text
from tests.benchmarks.replication.small_logs import fill


@pytest.fixture
def log(tmp_path):
    return ReplicationLog(tmp_path / "log.csv")


def test_intervals_of_students_t():
    # The quantile of four values is 3.1824, their standard error 0.6455.
    mean, low, high = Estimate.of([1, 2, 3, 4])
    assert mean == 2.5
    assert (low, high) == pytest.approx((2.5 - 2.0543, 2.5 + 2.0543), abs=1e-4)
    assert str(Estimate.of([1, 2, 3, 4])) == "2.50 (0.45 to 4.55)"
    assert math.isnan(Estimate.of([3]).low) and str(Estimate.of([3])) == "3.00"
    assert str(Estimate.of([3, 3])) == "3.00 (3.00 to 3.00)"


def test_seeds_are_compared_with_those_of_random_search(log):
    fill(log, {SECOND: [[38, 42], [30, 30]], RANDOM: [[50, 50], [40, 40], [60, 60]]})
    second, random = outcomes_of(log.rows, IMAGES)
    assert second.means == {0: 40, 1: 30}
    # 100 (60 - 50) / 50 and 100 (70 - 60) / 60, of the accuracies.
    assert second.improvements == pytest.approx({0: 20, 1: 100 / 6})
    assert random.improvements == {} and random.means == {0: 50, 1: 40, 2: 60}
    assert outcomes_of(log.rows, TEXTS) == []
    fill(log, {SECOND: [[90]], RANDOM: [[100]]}, TEXTS)
    assert outcomes_of(log.rows, TEXTS)[0].improvements == pytest.approx({0: 10})


def test_the_table(log):
    fill(log, {SECOND: [[38, 42], [30, 30]], RANDOM: [[50, 50], [40, 40]]})
    outcomes = outcomes_of(log.rows, IMAGES)
    lines = [x.split("  ") for x in as_text(table_of(outcomes, IMAGES)).splitlines()]
    cells = [[cell.strip() for cell in line if cell] for line in lines]
    assert cells[0][3:6] == [
        "test error, per cent",
        "better than random, per cent",
        "skip connections",
    ]
    assert cells[2][:5] == ["random", "2", "4", "45.00 (-18.53 to 108.53)", "-"]
    assert cells[1][5:] == ["2.0", "2,400", "4,800", "10"]
