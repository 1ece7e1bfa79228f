import dataclasses

import pytest

from benchmarks.replication.estimate import estimated_hours
from benchmarks.replication.items import items_of
from tests.benchmarks.replication.small_logs import PLAN


def test_the_plan_is_of_about_six_hours():
    assert 4 < estimated_hours(PLAN, items_of(PLAN)) < 8
    of_one = estimated_hours(PLAN, items_of(dataclasses.replace(PLAN, seeds=1)))
    assert estimated_hours(PLAN, items_of(PLAN)) == pytest.approx(4 * of_one)
