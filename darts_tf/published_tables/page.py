"""The page of the published tables, with pictures of the cells."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from darts_tf.published_tables.tables import TITLES, written
from darts_tf.report import page
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.report.tables import as_html
from darts_tf.zoo.cost import RowCost
from darts_tf.zoo.row import PENN_TREEBANK

PAGE_FILE = "tables.html"


def write_tables_page(
    folder: str | os.PathLike, tables: Mapping[str, Sequence[RowCost]]
) -> Path:
    """Writes `tables.html`, which needs no other file and no network.

    Args:
        folder: Where to; it is made if need be.
        tables: What `costs` returned.

    Returns:
        The path of the page.
    """
    return page.write_plain_page(
        Path(folder) / PAGE_FILE,
        title="Published networks",
        summary="Weights and mult-adds of the networks as they are built here, beside "
        "what was published, in millions.",
        sections={TITLES[name]: _section(table) for name, table in tables.items()},
    )


def _section(table):
    return as_html(written(table)) + "".join(map(_network, table))


def _network(cost):
    """What a row says of its network, and the pictures of its cells."""
    row, published = cost.row, cost.row.published
    is_text = row.dataset == PENN_TREEBANK
    deviation = f" ± {published.deviation:g}" if published.deviation else ""
    other = "validation perplexity" if is_text else "top-5 error"
    unit = "" if is_text else " %"
    facts = {
        "name": row.name,
        "published test perplexity" if is_text else "published test error": _with_unit(
            published.error, f"{deviation}{unit}"
        ),
        f"published {other}": _with_unit(published.other_error, unit),
        "search": published.search_method,
        "cost of the search": _days(published.search_days),
        "operations": published.operations,
        "no network": row.reason or None,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    figures = ""
    if cost.genotype:
        drawn = draw_genotype(cost.genotype)
        figures = page.inline_figures(drawn, f"{row.name}-cell", grid=True)
    return f"<h3>{page.escape(row.title)}</h3>{page.table(known)}{figures}"


def _with_unit(value, unit):
    return None if value is None else f"{value:g}{unit}"


def _days(value):
    return f"{value:g} GPU days" if isinstance(value, int | float) else value
