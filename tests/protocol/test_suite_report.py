import csv
import io

import pytest

from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.suite import suite_plan
from darts_tf.protocol.suite_report import rank_table, suite_report
from tests.comparison.made_runs import image_search, image_training

SIZES = {"layers": 3, "init_channels": 4, "auxiliary": False}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Report on two methods of one benchmark that never ran."""
    folder = tmp_path_factory.mktemp("protocol")
    config = ProtocolConfig(
        protocol="2025",
        benchmarks=("wide_regular",),
        method=("darts", "drnas"),
        searches=1,
    )
    plan = suite_plan(config)
    for parts, error in zip(plan.cells, (8.0, 6.0)):
        (search,) = (image_search(folder / x.name, [0.6]) for x in parts.searches)
        for number, part in enumerate(parts.trainings):
            step = error + 0.5 * number
            image_training(folder / part.name, step, search=search, **SIZES)
    return suite_report(plan, folder)


def test_the_table_of_a_benchmark(found):
    lines = [*found.tables["wide_regular"].lines]
    assert lines[0] == ("darts", "10.00", "1.37", "8.00", "2")
    assert lines[1] == ("drnas", "8.00", "1.37", "6.00", "1")
    assert found.tables["Cost"].lines[0][:2] == ("searches", "2")
    assert len(found.figures) == 1 and len(found.cells) == 4
    assert "## wide_regular" in found.markdown and "drnas" in found.text


def test_the_csv_has_every_training(found):
    rows = [*csv.DictReader(io.StringIO(found.csv))]
    assert len(rows) == 18
    assert rows[9]["method"] == "drnas" and rows[9]["learning_rate"] == "0.025"
    errors = [float(row["test_error"]) for row in rows[9:]]
    assert errors == pytest.approx([6 + 0.5 * number for number in range(9)])


def test_ranks_have_a_mean_over_benchmarks():
    errors = {"x": {"a": 3.0, "b": 1.0, "c": 1.0}, "y": {"a": 2.0, "b": 4.0, "c": 3.0}}
    table = rank_table(errors)
    assert table.headings == ("method", "mean rank", "x", "y")
    assert table.lines == (
        ("c", "1.75", "1.5", "2"),
        ("a", "2.00", "3", "1"),
        ("b", "2.25", "1.5", "3"),
    )
