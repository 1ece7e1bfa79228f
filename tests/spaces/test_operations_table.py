import unittest.mock

import pytest

from darts_tf.space.search_space import convolutional_space
from darts_tf.spaces import registry
from darts_tf.spaces.named_space import NamedSpace
from darts_tf.spaces.operations_table import PAPERS, TABLE_1, operations_table
from tests.build_files import ROOT

# Columns: NASNet, ENAS, NAO, DARTS, PNASNet, evolutionary search.
LISTED = """
identity         x x x x x x
1x1 conv         x . x . . x
1x1 sepconv      x . x . . .
2x2 conv         . . x . . .
2x2 sepconv      . . x . . .
3x3 conv         x . . . . .
3x3 sepconv      . x x x x x
3x3 dilconv      x . . x x .
1x3 then 3x1     x . . . . x
5x5 sepconv      x x . x x .
5x5 dilconv      . . . x . .
7x7 sepconv      x . . . x .
1x7 then 7x1     x . . . . .
2x2 max pool     . . x . . .
3x3 max pool     x x x x x x
5x5 max pool     x . . . . .
7x7 max pool     x . . . . .
2x2 average pool . . x . . .
3x3 average pool x x x x x x
none             . . . x . .
"""


def cells_of(table):
    """Heading and rows of a Markdown table, without its blanks."""
    lines = [[x.strip() for x in line.split("|")[1:-1]] for line in table.split("\n")]
    heading, rule, *rows = lines
    assert set(rule) == {"---", ":-:"}
    assert {len(row) for row in rows} == {len(heading)}
    return heading, rows


def test_table_1():
    heading, rows = cells_of(operations_table())
    titles = ["NASNet", "ENAS", "NAO", "DARTS", "PNASNet", "Evolutionary"]
    assert heading == ["operation", *titles]
    expected = [
        [line[:16].strip(), *line[17:].replace(".", "-").split()]
        for line in LISTED.strip().split("\n")
    ]
    assert [[row[0], *(x or "-" for x in row[1:])] for row in rows] == expected


def test_what_the_papers_list():
    heading, rows = cells_of(operations_table(PAPERS))
    counts = {
        title: sum(row[i] == "x" for row in rows) for i, title in enumerate(heading)
    }
    assert counts == {
        "operation": 0,
        "NASNet": 13,
        "ENAS": 5,
        "NAO": 11,
        "DARTS": 8,
        "PNAS": 8,
        "AmoebaNet": 8,
        "Hierarchical": 7,
    }


def test_operations_of_ones_own_are_rows_of_their_own():
    names = ("skip_connect", "my_operation", "sep_conv_3x3")
    space = NamedSpace("my_space", "a test", names, convolutional_space)
    with unittest.mock.patch.dict(registry._SPACES):
        registry.register_space(space)
        _, rows = cells_of(operations_table({"Mine": "my_space", "ENAS": "enas"}))
    assert rows[0] == ["identity", "x", "x"]
    assert rows[-1] == ["my_operation", "x", ""]
    with pytest.raises(ValueError, match="`space`, expected one of"):
        operations_table({"Mine": "my_space"})


@pytest.mark.parametrize("spaces", [TABLE_1, PAPERS])
def test_the_page_shows_the_table(spaces):
    page = (ROOT / "docs" / "spaces.md").read_text("utf-8")
    _, rows = cells_of(operations_table(spaces))
    lines = "\n".join(" ".join(f"| {' | '.join(row)} |".split()) for row in rows)
    assert lines in page
