"""The published tables: what was built beside what was published."""

import gc
import sys
from collections.abc import Iterator, Mapping, Sequence

from darts_tf.published_tables.config import TablesConfig
from darts_tf.report.tables import Column, Table, as_text
from darts_tf.zoo.cost import RowCost, cost_of_row
from darts_tf.zoo.registry import get_row, rows
from darts_tf.zoo.row import CIFAR10, IMAGENET, PENN_TREEBANK, Row

TITLES = {
    CIFAR10: "CIFAR-10",
    IMAGENET: "ImageNet, 224 x 224 pixels",
    PENN_TREEBANK: "Penn Treebank",
}
COLUMNS = (
    "row",
    "weights",
    "published",
    "difference",
    "mult-adds",
    "published",
    "difference",
    "source",
)
_MILLION = 1e6


def costs(config: TablesConfig) -> dict[str, list[RowCost]]:
    """Builds the networks one after the other, saying which on the terminal.

    Args:
        config: The settings, which choose them.

    Returns:
        The costs of each table's rows by the data of the table.
    """
    tables = {}
    for cost in _with_progress(_rows(config)):
        tables.setdefault(cost.row.dataset, []).append(cost)
    return tables


def _rows(config: TablesConfig) -> Sequence[Row]:
    return (get_row(config.name),) if config.name else rows(config.dataset)


def _with_progress(chosen: Sequence[Row]) -> Iterator[RowCost]:
    width = max(len(row.name) for row in chosen)
    for number, row in enumerate(chosen, start=1):
        line = f"\r{number}/{len(chosen)} {row.name:{width}}"
        print(line, end="", file=sys.stderr, flush=True)
        yield cost_of_row(row)
        # Graphs refer to themselves, so that a network stays until Python looks for it.
        gc.collect()
    print(file=sys.stderr)


def cells_of(cost: RowCost) -> tuple[str, ...]:
    """Returns the text of each of `COLUMNS` for a row, or an empty one.

    The built weights are a whole number, all others and mult-adds are in millions.
    """
    published = cost.row.published
    weights = () if cost.weights is None else (cost.weights / _MILLION,)
    work = () if cost.multiply_adds is None else (cost.multiply_adds / _MILLION,)
    return (
        cost.row.name,
        f"{cost.weights:,}" if weights else "not public",
        published.text("weights"),
        _difference(*weights, published.weights) if weights else "",
        f"{work[0]:.1f}" if work else "",
        published.text("multiply_adds"),
        _difference(*work, published.multiply_adds) if work else "",
        cost.row.source,
    )


def _difference(built: float, published: float | None) -> str:
    if published is None:
        return ""
    # A zero is added, so that none comes out negative.
    return f"{round(built / published - 1, 3) + 0.0:+.1%}"


def tables_text(tables: Mapping[str, Sequence[RowCost]]) -> str:
    """Returns the tables of `costs` as text."""
    return "\n\n".join(
        f"{TITLES[dataset]} (published figures in millions)\n{_table(table)}"
        for dataset, table in tables.items()
    )


def _table(table: Sequence[RowCost]) -> str:
    reasons = [
        f"{cost.row.name}: {cost.row.reason}" for cost in table if cost.row.reason
    ]
    return "\n".join([as_text(written(table)), *reasons])


def written(table: Sequence[RowCost]) -> Table:
    """Returns the costs of one table's rows as a `Table`."""
    columns = [Column(name, name not in ("row", "source")) for name in COLUMNS]
    return Table(tuple(columns), (tuple(map(cells_of, table)),))
