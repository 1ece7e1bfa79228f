"""The tables as text and as a page, of tiny rows."""

import pytest

from darts_tf.convolutional.network_cost import network_cost
from darts_tf.errors import UserError
from darts_tf.published_tables import tables
from darts_tf.published_tables.config import TablesConfig
from darts_tf.published_tables.output import published_tables
from darts_tf.spaces.operations_table import PAPERS, operations_table
from darts_tf.zoo.cost import RowCost
from darts_tf.zoo.row import Published
from tests.report.parsed_page import Page
from tests.zoo.small_rows import CELLS, LARGE, PLAIN, SECRET, registered


@pytest.fixture
def small_rows(monkeypatch):
    registered(monkeypatch)


def test_text_and_page(small_rows, tmp_path, capsys):
    text = published_tables(TablesConfig(output=str(tmp_path / "page")))
    assert "4/4" in capsys.readouterr().err
    small, large = text.split("\n\n")[:2]
    titles = ("CIFAR-10", "ImageNet")
    assert all(part.startswith(title) for part, title in zip((small, large), titles))
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line}
    for row in (CELLS, PLAIN, LARGE):
        cost = network_cost(row.built())
        words = lines[row.name]
        assert words[1] == f"{cost.weights:,}"
        assert f"{cost.multiply_adds / 1e6:.1f}" in words
    assert lines[SECRET.name][1:4] == ["not", "public", "39.8"]
    assert "secret_cifar10: No cell was published." in small
    (file,) = (tmp_path / "page").iterdir()
    assert text.endswith(f"Page: {file}")
    page = Page(file.read_text("utf-8"))
    assert page.tags.count("svg") == 2 and not page.open
    assert len(page.ids) == len(set(page.ids))
    assert not [link for link in page.links if not link.startswith("#")]
    for words in ("Tiny <cells>", "3 ± 0.5 %", "4 GPU days", "No cell was published."):
        assert words in page.text
    assert lines[CELLS.name][1] in page.text


def test_no_folder_for_the_page(small_rows, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"`output`=.*file is not a folder"):
        published_tables(TablesConfig(output=str(tmp_path / "file" / "page")))
    assert not capsys.readouterr().err


def test_one_row_and_one_table(small_rows, capsys):
    one = published_tables(TablesConfig(name=PLAIN.name))
    assert PLAIN.name in one and CELLS.name not in one
    table = published_tables(TablesConfig(dataset="imagenet2012"))
    assert LARGE.name in table and PLAIN.name not in table
    layers = published_tables(TablesConfig(name=PLAIN.name, summary=True))
    assert layers == str(network_cost(PLAIN.built()))


def test_table_1():
    text = published_tables(TablesConfig(table1=True))
    assert text.startswith(operations_table()) and text.endswith(
        operations_table(PAPERS)
    )


@pytest.mark.parametrize(
    "weights, published, expected",
    [(2_100_000, 2.0, "+5.0%"), (1_999_990, 2.0, "+0.0%"), (1_900_000, 2.0, "-5.0%")],
)
def test_differences(weights, published, expected):
    row = CELLS.__class__(**{**vars(CELLS), "published": Published(weights=published)})
    assert tables.cells_of(RowCost(row, weights, 10**6))[3] == expected


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"name": "none_such"}, r"expected one of .*tiny_cifar10"),
        ({"summary": True}, "give `name`"),
        ({"dataset": "mnist"}, "expected one of cifar10"),
        ({"name": "tiny_cifar10", "dataset": "ptb"}, "no row of `dataset`=ptb"),
        ({"name": "secret_cifar10", "summary": True}, "No cell was published"),
        *(
            ({"table1": True, other: value}, f"`{other}` has no meaning beside `table1")
            for other, value in [
                ("name", "tiny_cifar10"),
                ("dataset", "ptb"),
                ("output", "a"),
            ]
        ),
        (
            {"name": "tiny_cifar10", "summary": True, "output": "a"},
            "`output` has no meaning beside `summary`",
        ),
    ],
)
def test_what_is_refused(small_rows, settings, message):
    with pytest.raises(UserError, match=message):
        published_tables(TablesConfig(**settings))
