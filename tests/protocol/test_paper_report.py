import csv
import io

import pytest

from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.paper import paper_plan
from darts_tf.protocol.paper_report import paper_report
from darts_tf.protocol.report import write_report
from tests.comparison.made_runs import image_search, image_training
from tests.protocol.test_part import write_results

SIZES = {"layers": 3, "init_channels": 4, "auxiliary": False}
CONFIG = ProtocolConfig(
    method=("darts",),
    searches=2,
    trainings=3,
    progress=1,
    published=("NASNet-A",),
    search_settings=("epochs=2",),
)
# Of brief trainings and of full ones, in percent.
BRIEF, FULL = (40.0, 30.0), (3.0, 2.0, 4.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder of a protocol that never ran; the second search has the better cell."""
    folder = tmp_path_factory.mktemp("protocol")
    plan = paper_plan(CONFIG)
    (parts,) = plan.methods
    for number, search in enumerate(parts.searches):
        path = image_search(folder / search.name, [0.5, 0.6], seed=number)
        write_results(path, 2)
    for part, error in zip(parts.briefs, BRIEF):
        search = folder / part.cells.search
        image_training(folder / part.name, error, search=search, **SIZES)
    best = folder / parts.searches[1].name
    for part, error in zip(parts.trainings, FULL):
        seed = part.settings["seed"]
        image_training(folder / part.name, error, search=best, seed=seed, **SIZES)
    for row, errors in zip(parts.progress, ((50.0, 40.0), (45.0, 47.0))):
        for part, error in zip(row, errors):
            search = folder / part.cells.search
            image_training(folder / part.name, error, search=search, **SIZES)
    image_training(folder / plan.lines[0].name, 25.0, "NASNet-A", **SIZES)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return paper_report(paper_plan(CONFIG), CONFIG, folder)


def test_the_mean_is_over_the_trainings_of_the_best_cell(found):
    rows = [*csv.DictReader(io.StringIO(found.csv))]
    (row,) = (row for row in rows if row["runs"])
    assert float(row["error"]) == pytest.approx(3.0)
    assert float(row["error_deviation"]) == pytest.approx(1.0)
    assert row["runs"] == "3" and "darts-2" in row["architecture"]


def test_the_choice_is_that_of_the_brief_trainings(found):
    assert found.tables["Choice of the cells"].lines == (
        ("searches/darts-1", "40.00", "40.00", ""),
        ("searches/darts-2", "40.00", "30.00", "yes"),
    )
    lines = found.tables["Cost"].lines
    assert [line[:2] for line in lines] == [
        ("searches", "2"),
        ("brief trainings", "2"),
        ("full trainings", "3"),
        ("progress", "5"),
    ]
    assert lines[0][2] == "4.000"  # two searches of two epochs of an hour


def test_the_progress_has_the_best_so_far(found):
    (axes,) = found.figures["Progress of the searches by darts"].axes
    lines = [[*line.get_ydata()] for line in axes.lines]
    expected = [[50, 40], [45, 45], [47.5, 42.5], [25, 25]]
    for line, values in zip(lines, expected, strict=True):
        assert line == pytest.approx(values)


def test_the_page_and_the_tables_are_files(found, tmp_path):
    page, markdown, table = write_report(tmp_path, found)
    text = page.read_text("utf-8")
    assert "Choice of the cells" in text and "Progress of the searches" in text
    assert "Normal cell, darts" in text and text.count("<svg") >= 4
    assert "| searches/darts-2 |" in markdown.read_text("utf-8")
    assert table.read_text("utf-8") == found.csv
