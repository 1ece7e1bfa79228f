import pytest

from benchmarks.collapse.figures import collapse_figure
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.summary import outcomes_of
from tests.benchmarks.collapse.search_rows import fill


@pytest.fixture
def log(tmp_path):
    return CollapseLog(tmp_path / "log.csv")


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
