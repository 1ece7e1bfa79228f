"""The comparison as a user sees it: text, files and the page."""

import csv
import io

import pytest

from darts_tf.comparison import ComparisonConfig, compare
from darts_tf.comparison.output import latex_of, make_sections
from darts_tf.errors import UserError
from darts_tf.report.tables import as_text
from darts_tf.zoo import rows
from tests.comparison.made_runs import (
    image_search,
    image_training,
    text_search,
    text_training,
)
from tests.comparison.test_entries import QUICK
from tests.report.parsed_page import parse_self_contained
from tests.report.test_tables import checked_latex, compiled_latex


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two searches of images, one of a text, and trainings of what they found."""
    folder = tmp_path_factory.mktemp("runs")
    searches = [
        image_search(folder / f"images_{seed}", [0.5, 0.6], seed=seed)
        for seed in range(2)
    ]
    text = text_search(folder / "text & <b>", [300, 200])
    trainings = [
        image_training(folder / f"t{seed}", error, search=searches[0], seed=seed)
        for seed, error in enumerate((2.9, 3.1))
    ]
    trainings.append(image_training(folder / "digits", 1.0, dataset="digits"))
    trainings.append(text_training(folder / "p", 60, 58, genotype_from=text))
    return [*searches, text, *trainings]


@pytest.fixture(scope="module")
def sections(folders):
    return make_sections(folders, QUICK)


def lines_of(text, title):
    """Returns the lines under a title, up to an empty one."""
    return text.partition(f"{title}\n")[2].partition("\n\n")[0].splitlines()


def test_without_runs_it_is_every_published_row():
    text = compare([], ComparisonConfig())
    for title, count in (("CIFAR-10", 14), ("Penn Treebank", 10), ("ImageNet", 11)):
        title = next(line for line in text.splitlines() if line.startswith(title))
        assert len(lines_of(text, title)) == 1 + count
    table = "\n".join(lines_of(text, "CIFAR-10"))
    assert all(row.title in table for row in rows("cifar10"))
    assert "2.76 ± 0.09" in table and "+0.55" in table
    assert "Errors and perplexities of runs" not in text
    assert "~5 " in text and "~225" in text and "1e4 CPU days" in text


def test_runs_stand_under_the_published_rows(folders, sections):
    assert [x.dataset for x in sections] == ["cifar10", "imagenet2012", "ptb"]
    images, _, text = sections
    assert len(images.table.groups[0]) == 14 and len(images.table.groups[1]) == 2
    line = dict(zip(images.table.headings, images.table.groups[1][0]))
    assert line["architecture"] == "darts, second order (images_0)"
    assert line["test error (%)"] == "3.00 ± 0.14" and line["runs"] == "2"
    assert line["search cost (device hours)"] == "2.0" and line["#ops"] == "7"
    assert line["search cost (GPU days)"] == "0.083"
    assert str(folders[3]) in line["source"] and str(folders[4]) in line["source"]
    line = dict(zip(text.table.headings, text.table.groups[1][0]))
    assert (line["valid perplexity"], line["test perplexity"]) == ("60.0", "58.0")
    assert line["params (M)"] == "4.1"
    assert images.searches.lines[0] == (
        *("images_0", "darts, second order", "0", "2", "40.00", "-", "-", "2.0", "2"),
    )


def test_only_some(folders):
    config = ComparisonConfig(sizes=False, dataset="ptb", published=False)
    (section,) = make_sections(folders, config)
    assert len(section.table.lines) == 1 and len(section.searches.lines) == 1
    for runs, settings in (([], {"published": False}), (folders, {"dataset": "none"})):
        with pytest.raises(UserError, match=r"nothing.* to compare"):
            make_sections(runs, ComparisonConfig(sizes=False, **settings))


def test_searches_alone(folders):
    text = compare(folders[:2], ComparisonConfig(published=False))
    title, head, *lines = text.splitlines()
    assert title == "CIFAR-10" and head.startswith("search ") and len(lines) == 2


def test_no_folder_for_the_files(tmp_path):
    (tmp_path / "file").write_text("")
    config = ComparisonConfig(output=tmp_path / "file" / "comparison")
    # The runs, which take longer, are not looked at yet.
    with pytest.raises(UserError, match=r"`output`=.*file is not a folder"):
        compare([tmp_path / "no run"], config)


def test_files(folders, tmp_path):
    folder = tmp_path / "new" / "comparison"
    text = compare(folders, ComparisonConfig(sizes=False, output=folder))
    files = {x.relative_to(folder).as_posix() for x in folder.rglob("*.*")}
    names = ("cifar10_cost_1", "cifar10_distribution_2", "cifar10_agreement_3")
    figures = {
        f"figures/{name}.{suffix}"
        for name in (*names, "ptb_cost_1", "ptb_size_2")
        for suffix in ("svg", "png")
    }
    kinds = ("html", "md", "csv", "tex")
    assert files == figures | {f"comparison.{kind}" for kind in kinds}
    assert set(text.splitlines()) >= {str(folder / name) for name in files}
    _check_page(folder)
    _check_csv(folder)
    markdown = (folder / "comparison.md").read_text("utf-8")
    assert "Errors and perplexities of runs" in markdown
    assert "Published rows have" in markdown
    assert markdown.count("\n| ") == 5 * 2 + 35 + 3 + 3
    assert r"text & \<b\>" in markdown


def _check_page(folder):
    page = parse_self_contained(folder / "comparison.html")
    assert page.tags.count("svg") == 5
    assert all(row.title in page.text for row in rows())
    assert all(row.source in page.text for row in rows())
    assert "text & <b>" in page.text and "number of runs: 2 (" in page.text


def _check_csv(folder):
    text = (folder / "comparison.csv").read_text("utf-8")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["row"] for line in lines if line["row"]] == [
        row.name for row in rows()
    ]
    own = [line for line in lines if not line["row"]]
    assert len(own) == 3
    assert float(own[0]["error"]) == pytest.approx(3.0)
    assert float(own[0]["error_deviation"]) == pytest.approx(0.02**0.5)


def test_latex(sections):
    source = latex_of(sections)
    for section, part in zip(sections, source.split("\n\n")[1:], strict=True):
        table = section.table.without("source")
        lines = checked_latex(part, len(table.columns))
        assert len(lines) == 1 + len(table.lines)
    assert r"text \& \textless{}b\textgreater{}" in source
    assert r"images\_0" in source and "& -" in source


def test_latex_compiles(sections, tmp_path):
    compiled_latex(latex_of(sections), tmp_path)


def test_a_table_in_a_terminal_has_no_sources(sections):
    plain = as_text(sections[0].table.without("source"))
    assert "arXiv" not in plain and "DenseNet-BC" in plain
