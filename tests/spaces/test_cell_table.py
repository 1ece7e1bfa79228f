import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.genotype.cell import Cell
from darts_tf.space.cell_space import CellSpace
from darts_tf.spaces.cell_table import CellTable
from darts_tf.spaces.registry import get_space
from tests.spaces.small_table import write_table


def cell(*names):
    """The cell of three states with these operations, node by node."""
    first, second, third = names
    return Cell.from_lists([[(first, 0)], [(second, 0), (third, 1)]], [2], 1)


SPACE = CellSpace(
    "x", 1, 2, ("none", "skip_connect"), "all", outputs=1, keeps_none=True
)


def test_entries_and_ranks(tmp_path):
    table = CellTable(write_table(tmp_path / "table.npz"))
    table.require_space(SPACE)
    assert len(table) == 8 and table.dataset == "cifar10"
    # Cell number n has the accuracy 10 n, but the last two have the same.
    assert table.entry(cell("none", "none", "none")) == (0.0, 1.0, 8)
    assert table.entry(cell("none", "none", "skip_connect")) == (10.0, 11.0, 7)
    assert table.entry(cell("skip_connect", "none", "none")) == (40.0, 41.0, 4)
    assert table.best == (60.0, 61.0, 1)
    for third in ("none", "skip_connect"):
        entry = table.entry(cell("skip_connect", "skip_connect", third))
        assert (entry.valid, entry.rank) == (60.0, 1)


def test_the_edges_of_a_table_may_stand_in_any_order(tmp_path):
    edges = [(2, 1), (1, 0), (2, 0)]
    table = CellTable(write_table(tmp_path / "table.npz", edges=np.array(edges)))
    table.require_space(SPACE)
    assert table.entry(cell("none", "none", "skip_connect")).valid == 40.0


def test_accuracies_are_those_of_the_data(tmp_path):
    path = write_table(tmp_path / "table.npz")
    assert CellTable(path, "digits").dataset == "cifar10"
    table = CellTable(path, "cifar100")
    assert table.dataset == "cifar100"
    assert table.entry(cell("none", "none", "none")) == (99.0, 99.0, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"operations": None}, "no array operations"),
        ({"cells": None}, "no array cells"),
        ({"operations": np.arange(2)}, "`operations` are no names"),
        ({"edges": np.zeros((3, 3), int)}, "`edges` are no pairs"),
        ({"edges": np.zeros((3, 2))}, "`edges` are no pairs"),
        ({"cells": np.zeros((8, 2), int)}, "no operation for each edge"),
        ({"cells": np.zeros((0, 3), int)}, "operations that there are not"),
        ({"cells": np.full((8, 3), 2)}, "operations that there are not"),
        ({"cells": np.zeros((8, 3), int)}, "not all cells, each once"),
        ({"cifar10_valid": None}, "no accuracies of all cells on cifar10"),
        ({"cifar10_test": np.zeros(7)}, "no accuracies of all cells"),
        ({"cifar10_test": np.full(8, np.nan)}, "no accuracies of all cells"),
        ({"cifar10_valid": np.full(8, "high")}, "no accuracies of all cells"),
        ({"cifar10_valid": np.full(8, None)}, "a table of cells"),
    ],
)
def test_damaged_tables_are_refused_in_one_line(tmp_path, changes, message):
    path = write_table(tmp_path / "table.npz", **changes)
    with pytest.raises(UserError, match=message) as error:
        CellTable(path)
    assert "\n" not in str(error.value) and str(path) in str(error.value)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 and no more"])
def test_what_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "table.npz"
    with pytest.raises(UserError, match="a table of cells"):
        CellTable(path)
    path.write_bytes(content)
    with pytest.raises(UserError, match="a table of cells"):
        CellTable(path)


@pytest.mark.parametrize(
    "space",
    [
        CellSpace("x", 1, 3, ("none", "skip_connect"), "all", keeps_none=True),
        CellSpace("x", 2, 2, ("none", "skip_connect"), "all", keeps_none=True),
        CellSpace("x", 1, 2, ("none", "max_pool_3x3"), "all", keeps_none=True),
        CellSpace("x", 1, 2, ("none", "skip_connect"), "all"),
    ],
)
def test_a_table_of_other_cells_is_refused(tmp_path, space):
    table = CellTable(write_table(tmp_path / "table.npz"))
    with pytest.raises(UserError, match="its cells are not those of the search"):
        table.require_space(space)


def test_figures_of_the_published_table(table_folder):
    """The cell of skip connections alone, and that of no connection."""
    published = CellTable(table_folder / "nasbench201.npz")
    (space,) = get_space("nasbench201").search_space(3).cells
    published.require_space(space)
    assert len(published) == 15_625
    nodes = [[("skip_connect", s) for s in range(node + 1)] for node in range(3)]
    entry = published.entry(Cell.from_lists(nodes, [3], 1))
    assert (round(entry.valid, 3), round(entry.test, 2)) == (33.944, 36.84)
    assert entry.rank == 15_211
    nothing = [[("none", s) for s in range(node + 1)] for node in range(3)]
    entry = published.entry(Cell.from_lists(nothing, [3], 1))
    assert (round(entry.valid, 2), round(entry.test, 2)) == (9.71, 10.0)
