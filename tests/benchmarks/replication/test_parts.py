import dataclasses
import json

import pytest

from benchmarks.replication.items import METHODS, RANDOM, SEARCH, Item
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.parts import part_of, settings_mark
from benchmarks.replication.settings import IMAGES, TEXTS
from darts_tf.trials import Budget
from tests.benchmarks.replication.small_logs import PLAN, row


@pytest.fixture
def log(tmp_path):
    return ReplicationLog(tmp_path / "log.csv")


def test_all_methods_have_one_budget(log):
    """As the programs' own settings count the steps, none of a run is below 300."""
    for kind, budget in ((IMAGES, 2400), (TEXTS, 1200)):
        for method in METHODS[kind]:
            part = part_of(PLAN, Item(kind, method, 1, SEARCH), log)
            config = part.program.config(part.settings)
            of_epochs = config.epochs * config.steps_per_epoch
            if "baseline" in part.program.module:
                assert Budget.parse(config.budget) == Budget(budget, "steps")
                assert of_epochs == 300
            else:
                assert of_epochs == budget
            assert config.seed == 1
        part = part_of(PLAN, Item(kind, RANDOM, 1, "training-0"), log)
        config = part.program.config(part.settings)
        assert config.epochs * config.steps_per_epoch >= 300 and config.seed == 0


def test_other_sizes_are_other_runs(log):
    item = Item(IMAGES, RANDOM, 0, "training-0")
    mark = settings_mark(part_of(PLAN, item, log))
    elsewhere = dataclasses.replace(PLAN, data_dir="other", seeds=7, workers=1)
    assert settings_mark(part_of(elsewhere, item, log)) == mark
    # The size of its own network, and the search that has found its cells.
    for changes in ({"layers": 5}, {"trials": 9}, {"training_epochs": 5}):
        changed = dataclasses.replace(PLAN, **changes)
        assert settings_mark(part_of(changed, item, log)) != mark


def test_a_training_needs_the_log_alone(log, tmp_path):
    """The cells come of the log, also where another machine has searched."""
    search = Item(IMAGES, RANDOM, 0, SEARCH)
    part = part_of(PLAN, search._replace(stage="training-1"), log)
    assert part.awaits == (part_of(PLAN, search, log).name,)
    log.append([row(search, 50)])
    assert part.awaits == ()
    settings = part.all_settings(tmp_path)
    with open(settings["genotype"], encoding="utf-8") as file:
        assert json.load(file) == {"cells": 1}
