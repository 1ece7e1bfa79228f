"""The small replication: its runs, its log, its summary and its page."""

import dataclasses
import json
import math

import pytest

from benchmarks import replication
from benchmarks.replication_estimate import estimated_hours
from benchmarks.replication_figure import replication_figure
from benchmarks.replication_items import (
    EVOLUTION,
    METHODS,
    PC_DARTS,
    RANDOM,
    SEARCH,
    SECOND,
    Item,
    items_of,
)
from benchmarks.replication_log import ReplicationLog
from benchmarks.replication_page import write_results
from benchmarks.replication_parts import part_of, settings_mark
from benchmarks.replication_runs import ReplicationRuns
from benchmarks.replication_settings import IMAGES, TEXTS, ReplicationConfig
from benchmarks.replication_summary import Estimate, outcomes_of, table_of
from darts_tf.errors import SettingError, UserError
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.tables import as_text
from darts_tf.trials import Budget
from tests.build_files import ROOT
from tests.trainers import trainer_process

PAGE = ROOT / "docs/replication.md"
PLAN = ReplicationConfig(text_dir="ptb", page=str(PAGE))


@pytest.fixture
def log(tmp_path):
    return ReplicationLog(tmp_path / "log.csv")


def row(item, error, mark="same", **values):
    """A row as a run of this item would leave it."""
    search = {"skips": 2, "genotype": "" if item.is_training else '{"cells": 1}'}
    cost = {"steps": 2400, "passes": 4800, "device_seconds": 10.5}
    return {
        **item._asdict(),
        "settings": mark,
        "error": error,
        **cost,
        **search,
        **values,
    }


def fill(log, errors, kind=IMAGES):
    """Adds searches, and trainings with these errors by method, seed by seed."""
    for method, of_seeds in errors.items():
        for seed, of_trainings in enumerate(of_seeds):
            log.append([row(Item(kind, method, seed, SEARCH), 50)])
            for number, error in enumerate(of_trainings):
                log.append([row(Item(kind, method, seed, f"training-{number}"), error)])


def page_in(folder):
    path = folder / "page.md"
    path.write_text(PAGE.read_text("utf-8"), "utf-8")
    return path


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


def test_the_table_and_the_figure(log):
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
    figure = replication_figure({IMAGES: outcomes})
    errors = figure.axes[0]
    assert [label.get_text() for label in errors.get_yticklabels()] == [SECOND, RANDOM]
    assert errors.collections[0].get_offsets()[:, 0].tolist() == [38, 42, 30, 30]
    assert b"<svg" in figure_to_svg(figure)


def test_the_page_is_written_anew(log, tmp_path):
    page = page_in(tmp_path)
    fill(log, {RANDOM: [[50, 50]]})
    section = write_results(page, log)
    assert "ended: 1; trainings: 2." in section and "50.00" in section
    assert "### Images" in section and "### Text" not in section
    once = page.read_text("utf-8")
    fill(log, {SECOND: [[70, 90]]}, TEXTS)
    assert "### Text" in write_results(page, log)
    assert (tmp_path / "page.svg").exists()
    write_results(page, ReplicationLog(tmp_path / "none.csv"))
    empty = page.read_text("utf-8")
    assert once.replace(section, "") == empty.replace(
        "Searches that have ended: 0; trainings: 0.", ""
    )


def test_the_documentation_has_what_the_log_says(tmp_path):
    page = page_in(tmp_path)
    write_results(page, ReplicationLog(ROOT / PLAN.log))
    assert page.read_text("utf-8") == PAGE.read_text("utf-8")


def test_the_plan_is_of_about_six_hours():
    assert 4 < estimated_hours(PLAN, items_of(PLAN)) < 8
    of_one = estimated_hours(PLAN, items_of(dataclasses.replace(PLAN, seeds=1)))
    assert estimated_hours(PLAN, items_of(PLAN)) == pytest.approx(4 * of_one)


@pytest.mark.long
def test_the_command(tmp_path):
    page = page_in(tmp_path)
    arguments = (
        "--dataset=digits",
        "--only=images",
        "--seeds=1",
        "--trainings=1",
        "--layers=3",
        "--init_channels=4",
        "--batch_size=8",
        "--trials=2",
        "--trial_steps=3",
        "--training_epochs=1",
        "--validation_steps=2",
        f"--log={tmp_path / 'log.csv'}",
        f"--page={page}",
        f"--work={tmp_path / 'work'}",
    )
    result = trainer_process.run(replication, *arguments)
    assert result.returncode == 0, result.stderr
    log = ReplicationLog(tmp_path / "log.csv")
    assert len(log.rows) == 2 * len(METHODS[IMAGES])
    steps = {(x["stage"], x["steps"]) for x in log.rows}
    assert steps == {(SEARCH, "6"), ("training-0", "3")}
    assert "Searches that have ended: 5; trainings: 5." in page.read_text("utf-8")
    # A run that has ended is not done again, also if it is missing in the log.
    path = tmp_path / "log.csv"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-1]))
    again = trainer_process.run(replication, *arguments)
    assert again.returncode == 0 and "1 runs to do" in again.stdout
    assert "images/" not in again.stdout and "| random |" in again.stdout
    assert ReplicationLog(path).rows == log.rows
