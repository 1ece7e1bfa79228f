import pytest

from benchmarks.collapse.figures import collapse_figure
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.settings import Search
from benchmarks.collapse.summary import outcomes_of, table_of, table_over_steps
from tests.benchmarks.collapse.search_rows import fill, rows_of


@pytest.fixture
def log(tmp_path):
    return CollapseLog(tmp_path / "log.csv")


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
