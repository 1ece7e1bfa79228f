"""Searches that show collapse: log, summary, figures, page, and a whole call."""

import numpy as np
import pytest

from benchmarks import collapse
from benchmarks.collapse_figures import collapse_figure
from benchmarks.collapse_log import COLUMNS, CollapseLog
from benchmarks.collapse_page import write_results
from benchmarks.collapse_settings import COMPARED, CollapseConfig, Search
from benchmarks.collapse_summary import outcomes_of, table_of, table_over_steps
from darts_tf.errors import UserError
from tests.build_files import ROOT
from tests.trainers import trainer_process

PLAN = CollapseConfig()
PAGE = ROOT / PLAN.page


@pytest.fixture
def log(tmp_path):
    return CollapseLog(tmp_path / "log.csv")


def fill(log, seeds):
    """Adds all searches with some seeds."""
    for search in CollapseConfig(seeds=seeds).searches():
        log.append(rows_of(search, accuracy=0.5 + 0.1 * search.seed))


def page_in(folder):
    path = folder / "page.md"
    path.write_text(PAGE.read_text("utf-8"), "utf-8")
    return path


def rows_of(search, accuracy=0.5):
    """Two epochs of a search; its rank halves, and each seed has a skip more."""
    missing = float("nan")
    known = search.space == "nasbench201"
    return [
        {
            **search._asdict(),
            "epoch": epoch,
            "step": 100 * epoch,
            "val_accuracy": 0.4,
            "table_test": 80 + epoch + search.seed if known else missing,
            "table_rank": 4000 / epoch if known else missing,
            "skips": epoch + search.seed,
            "eigenvalue": 0.1 * epoch,
            "trained_accuracy": missing if known else accuracy,
            "seconds": 360,
        }
        for epoch in (1, 2)
    ]


def test_all_methods_are_searched_before_the_next_seed():
    searches = CollapseConfig(seeds=2).searches()
    assert len(searches) == len(set(searches)) == 2 * 2 * len(COMPARED)
    assert [search.seed for search in searches] == sorted(s.seed for s in searches)


def test_the_log_goes_on_where_it_ended(tmp_path):
    path = tmp_path / "log.csv"
    first, second = CollapseConfig().searches()[:2]
    log = CollapseLog(path)
    log.append(rows_of(first))
    again = CollapseLog(path)
    assert again.rows == log.rows
    assert again.holds(first) and not again.holds(second)
    again.append(rows_of(second))
    assert len(path.read_text().splitlines()) == 5
    path.write_text("a,b\n")
    with pytest.raises(UserError, match="no log of this benchmark"):
        CollapseLog(path)


def test_tables(log):
    fill(log, seeds=3)
    known = outcomes_of(log.rows, "nasbench201")
    table = table_of(known, "nasbench201")
    assert table.headings == (
        "method",
        "searches",
        "test accuracy in the table, per cent",
        "rank of 15,625",
        "skip connections of 6",
        "largest eigenvalue",
    )
    assert table.lines[1] == (
        "darts, second order",
        "3",
        "83.00 (82.00 to 84.00)",
        "2,000 (2,000 to 2,000)",
        "3 (2 to 4)",
        "0.2 (0.2 to 0.2)",
    )
    over_steps = table_over_steps(known)
    assert over_steps.headings == ("method", "100 steps", "200 steps")
    assert over_steps.lines[0] == (
        "darts",
        "82.00 (rank 4,000)",
        "83.00 (rank 2,000)",
    )
    table = table_of(outcomes_of(log.rows, "s2"), "s2")
    assert table.headings[4] == "test error after the training, per cent"
    assert table.lines[4] == (
        "drnas",
        "3",
        "3 (2 to 4)",
        "0.2 (0.2 to 0.2)",
        "40.0 (30.0 to 50.0)",
        "2",
    )
    assert table_over_steps(outcomes_of(log.rows, "s2")) is None


def test_methods_may_have_been_searched_unequally_often(log):
    """One seed has no range, and what is unknown is none."""
    first, second = Search("s2", "darts", "first", 0), Search("s2", "drnas", "first", 0)
    log.append([{**row, "eigenvalue": "nan"} for row in rows_of(first)])
    log.append(rows_of(second))
    log.append(rows_of(second._replace(seed=1)))
    darts, drnas = outcomes_of(log.rows, "s2")
    assert darts.by_step("eigenvalue") == {} and darts.last("eigenvalue") == []
    assert drnas.by_step("skips") == {100: [1, 2], 200: [2, 3]}
    lines = table_of([darts, drnas], "s2").lines
    assert lines[0] == ("darts", "1", "2", "-", "50.0", "0")
    assert lines[1][1:4] == ("2", "2.5 (2 to 3)", "0.2 (0.2 to 0.2)")
    assert outcomes_of(log.rows, "nasbench201") == []


def test_few_of_many_steps_are_shown(log):
    search = Search("nasbench201", "darts", "first", 0)
    row = rows_of(search)[0]
    log.append([{**row, "epoch": n, "step": 100 * n} for n in range(1, 51)])
    headings = table_over_steps(outcomes_of(log.rows, "nasbench201")).headings
    assert headings[1:] == tuple(f"{n:,} steps" for n in (100, 1300, 2500, 3800, 5000))


def test_without_a_table_there_are_no_ranks(log):
    search = Search("nasbench201", "darts", "first", 0)
    unknown = {"table_test": "nan", "table_rank": "nan"}
    log.append([{**row, **unknown} for row in rows_of(search)])
    outcomes = outcomes_of(log.rows, "nasbench201")
    assert table_of(outcomes, "nasbench201").headings[2:] == (
        "skip connections of 6",
        "largest eigenvalue",
    )
    assert table_over_steps(outcomes) is None
    titles = [
        axes.get_title() for axes in collapse_figure(outcomes, "nasbench201").axes
    ]
    assert titles == ["skip connections of 6", "largest eigenvalue"]


def test_figures(log):
    fill(log, seeds=3)
    ranks, *_ = collapse_figure(
        outcomes_of(log.rows, "nasbench201"), "nasbench201"
    ).axes
    figure = collapse_figure(outcomes_of(log.rows, "s2"), "s2")
    skips, _, errors, nothing = figure.axes
    assert [line.get_label() for line in skips.lines][:2] == [
        "darts",
        "darts, second order",
    ]
    assert skips.lines[0].get_xydata().tolist() == [[100, 2], [200, 3]]
    assert ranks.lines[0].get_color() == skips.lines[0].get_color()
    assert errors.lines[1].get_xdata() == pytest.approx([50, 40, 30])
    assert not nothing.axison


def test_the_page_is_written_anew(log, tmp_path):
    page, planned = page_in(tmp_path), PLAN.searches()
    before = write_results(page, log, planned)
    assert before.startswith("Searches that have ended: 0 of 48.")
    empty = page.read_text("utf-8")
    log.append(rows_of(planned[0]))
    section = write_results(page, log, planned)
    assert section.startswith("Searches that have ended: 1 of 48.")
    assert "took 0.2 hours" in section
    assert "### NAS-Bench-201" in section and "### S2" not in section
    assert page.read_text("utf-8") == empty.replace(before, section)
    names = sorted(path.name for path in tmp_path.glob("*.svg"))
    assert names == ["page_nasbench201.svg"]
    fill(log, seeds=2)
    assert "(page_s2.svg)" in write_results(page, log, planned)
    with pytest.raises(UserError, match="expected a page with the lines"):
        write_results(tmp_path / "none.md", log, planned)


def test_the_documentation_has_what_the_log_says(tmp_path):
    page = page_in(tmp_path)
    section = write_results(page, CollapseLog(ROOT / PLAN.log), PLAN.searches())
    for space in PLAN.spaces:
        section = section.replace(f"page_{space}.svg", f"collapse_{space}.svg")
    assert section in PAGE.read_text("utf-8")


@pytest.mark.long
@pytest.mark.parametrize("space", ["nasbench201", "s2"])
def test_searches(space, tmp_path):
    page = page_in(tmp_path)
    arguments = (
        "--dataset=digits",
        f"--spaces={space}",
        "--seeds=1",
        "--epochs=2",
        "--steps_per_epoch=3",
        "--batch_size=8",
        "--init_channels=4",
        "--validation_steps=2",
        "--training_epochs=1",
        f"--log={tmp_path / 'log.csv'}",
        f"--page={page}",
        f"--work={tmp_path / 'work'}",
    )
    result = trainer_process.run(collapse, *arguments)
    assert result.returncode == 0, result.stderr
    log = CollapseLog(tmp_path / "log.csv")
    assert set(log.rows[0]) == set(COLUMNS)
    assert len(log.rows) == 2 * len(COMPARED)
    assert all(log.holds(Search(space, *compared, 0)) for compared in COMPARED)
    assert "Searches that have ended: 6 of 6." in page.read_text("utf-8")
    trained = [float(row["trained_accuracy"]) for row in log.rows]
    assert np.isfinite(trained).all() == (space == "s2")
    again = trainer_process.run(collapse, *arguments)
    assert again.returncode == 0 and "Search 1" not in again.stdout
    more = trainer_process.run(collapse, *arguments, "--seeds=2", "--report")
    assert more.returncode == 0 and "ended: 6 of 12." in more.stdout
