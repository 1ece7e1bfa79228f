import dataclasses

import pytest

from darts_tf.errors import UserError
from darts_tf.zoo import build, get_row, register_row, registry, rows
from darts_tf.zoo.row import CIFAR10, Published, Row


def row(**changes):
    values = {
        "name": "one_cifar10",
        "title": "One",
        "dataset": CIFAR10,
        "source": "No paper",
        "published": Published(),
        "make": dict,
    }
    return Row(**{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "One"},
        {"dataset": "mnist"},
        {"make": None},
        {"reason": "There is a network."},
        {"place": 0},
    ],
)
def test_malformed_rows(changes):
    with pytest.raises(ValueError, match=next(iter(changes)).replace("make", "reason")):
        row(**changes)


def test_rows_by_name_and_data():
    assert get_row("darts_v2_cifar10") in rows(CIFAR10)
    assert set(rows(CIFAR10)) < set(rows())
    with pytest.raises(ValueError, match=r"one of .*darts_v2_cifar10"):
        get_row("darts_v9_cifar10")


def test_a_name_is_of_one_row():
    known = get_row("darts_v2_cifar10")
    assert register_row(dataclasses.replace(known)) == known
    with pytest.raises(ValueError, match="darts_v2_cifar10, which is taken"):
        register_row(row(name=known.name))


def test_a_row_that_no_table_has_comes_last(monkeypatch):
    known = dict(registry._ROWS)
    monkeypatch.setattr(registry, "_ROWS", {"one_cifar10": row(), **known})
    assert [x.place for x in rows(CIFAR10)][-2:] == [14, None]


def test_sizes_of_a_network():
    network = build("darts_v1_cifar10", num_classes=3, num_cells=2, init_channels=4)
    assert len(network.cells) == 2 and network.num_classes == 3


def test_a_network_that_is_not_public():
    with pytest.raises(UserError, match="No cell was published"):
        row(make=None, reason="No cell was published.").build()
