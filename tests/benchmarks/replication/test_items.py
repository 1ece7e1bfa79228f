import dataclasses

from benchmarks.replication.items import METHODS, items_of
from benchmarks.replication.settings import IMAGES, TEXTS
from tests.benchmarks.replication.small_logs import PLAN


def test_all_methods_come_before_the_next_seed():
    items = items_of(PLAN)
    assert len(items) == len(set(items)) == 4 * (5 + 3) * 3
    assert [item.seed for item in items] == sorted(item.seed for item in items)
    first = items[: len(items) // 4]
    for kind in (IMAGES, TEXTS):
        searched = [x.method for x in first if x.kind == kind and not x.is_training]
        assert tuple(searched) == METHODS[kind]
    alone = items_of(dataclasses.replace(PLAN, only=TEXTS, seeds=1, trainings=1))
    assert {item.kind for item in alone} == {TEXTS} and len(alone) == 3 * 2
