import dataclasses

import pytest

from benchmarks.replication.items import (
    EVOLUTION,
    PC_DARTS,
    SEARCH,
    SECOND,
    Item,
    items_of,
)
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.parts import part_of, settings_mark
from benchmarks.replication.runs import ReplicationRuns
from benchmarks.replication.settings import IMAGES, TEXTS, ReplicationConfig
from darts_tf.errors import SettingError, UserError
from tests.benchmarks.replication.small_logs import PAGE, PLAN, row


@pytest.fixture
def log(tmp_path):
    return ReplicationLog(tmp_path / "log.csv")


def test_the_programs_take_the_settings(log):
    """Names and values are checked by the configurations of the programs."""
    runs = ReplicationRuns(PLAN, log)
    assert runs.left == items_of(PLAN)
    second = part_of(PLAN, Item(IMAGES, SECOND, 0, SEARCH), log)
    config = second.program.config(second.settings)
    assert (config.order, config.hessian) == ("second", "finite_difference")
    pc_darts = part_of(PLAN, Item(IMAGES, PC_DARTS, 0, SEARCH), log)
    config = pc_darts.program.config({"partial_channels": 4, **pc_darts.settings})
    assert config.frozen_epochs == 2 and config.learning_rate == 0.025
    evolution = part_of(PLAN, Item(IMAGES, EVOLUTION, 0, SEARCH), log)
    config = evolution.program.config(evolution.settings)
    assert config.method_settings == ("population=4", "sample=2")


def test_the_log_goes_on_where_it_ended(log, tmp_path):
    first, second = items_of(PLAN)[:2]
    mark = settings_mark(part_of(PLAN, first, log))
    log.append([row(first, 50, mark)])
    again = ReplicationLog(tmp_path / "log.csv")
    assert again.rows == log.rows and again.holds(first) and not again.holds(second)
    assert ReplicationRuns(PLAN, again).left == items_of(PLAN)[1:]
    with pytest.raises(UserError, match="search has had other settings"):
        ReplicationRuns(dataclasses.replace(PLAN, trials=9), again)


def test_bad_input_is_refused_before_anything_runs(log, tmp_path):
    with pytest.raises(SettingError, match="a multiple of 3"):
        ReplicationConfig(trial_steps=100)
    with pytest.raises(UserError, match="expected a page with the lines"):
        ReplicationRuns(dataclasses.replace(PLAN, page=str(tmp_path / "none")), log)
    config = ReplicationConfig(only=TEXTS, page=str(PAGE), work=str(tmp_path))
    with pytest.raises(UserError, match="data_dir"):
        ReplicationRuns(config, log).do()
    assert log.rows == [] and not (tmp_path / "logs").exists()
