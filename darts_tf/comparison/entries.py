"""The lines of a comparison, made of runs and of the published rows."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from darts_tf.comparison.config import ComparisonConfig
from darts_tf.comparison.entry import HOURS_PER_DAY, Entry, Measured, published_entry
from darts_tf.comparison.finished_runs import (
    FinishedSearch,
    FinishedTraining,
    names_of,
)
from darts_tf.comparison.improvement import RANDOM
from darts_tf.comparison.network_size import size_of
from darts_tf.zoo.registry import get_row, is_row, rows


def published_entries(dataset: str | None) -> list[Entry]:
    """Returns the lines of the published tables, in their order.

    Args:
        dataset: Data of the only table, or `None` for all.
    """
    return [published_entry(row) for row in rows() if dataset in (None, row.dataset)]


def run_entries(
    searches: Sequence[FinishedSearch],
    trainings: Sequence[FinishedTraining],
    config: ComparisonConfig,
) -> list[Entry]:
    """Returns the lines of trainings, one for those of the same cells and recipe.

    Args:
        searches: The searches, which found the cells of some of them.
        trainings: The trainings.
        config: The settings.
    """
    groups = collections.defaultdict(list)
    for training in trainings:
        groups[training.group()].append(training)
    return _with_distinct_titles(
        [_entry(group, searches, config) for group in groups.values()]
    )


def _entry(group, searches, config):
    first = group[0]
    search = next((x for x in searches if any(map(x.found, group))), None)
    size = size_of(first, config.sizes)
    return Entry(
        title=_title(first, search),
        dataset=first.dataset,
        source=", ".join(str(x.run.folder) for x in group),
        error=Measured.of([x.error for x in group]),
        other_error=Measured.of([x.other_error for x in group]),
        weights=size.weights,
        multiply_adds=size.multiply_adds,
        trainings=tuple(group),
        search=search,
        **_of_search(first, search, config),
    )


def _title(training, search):
    if search is not None:
        return f"{search.method} ({search.name})"
    name = training.genotype_setting
    return name if is_row(name) else Path(name).name or name


def _of_search(training, search, config):
    """What is known of the search of the cells: from its run, or a published row."""
    if search is not None:
        hours = search.hours(config.device_count)
        return {
            "search_hours": hours,
            "search_days": None if hours is None else hours / HOURS_PER_DAY,
            "operations": search.operations,
            "search_method": search.search_method,
        }
    name = training.genotype_setting
    if not is_row(name):
        return {}
    entry = published_entry(get_row(name))
    # A row of random search has a drawn cell here, which was not chosen among others.
    is_drawn = entry.search_method == RANDOM
    costs = () if is_drawn else ("search_hours", "search_days")
    names = (*costs, "operations", "search_method")
    return {name: getattr(entry, name) for name in names}


def _with_distinct_titles(entries: list[Entry]) -> list[Entry]:
    counts = collections.Counter((x.dataset, x.title) for x in entries)
    names = names_of([x.trainings[0] for x in entries])
    return [
        dataclasses.replace(x, title=f"{x.title}, {name}")
        if counts[x.dataset, x.title] > 1
        else x
        for x, name in zip(entries, names)
    ]


def by_dataset(entries: Sequence[Entry]) -> Mapping[str, list[Entry]]:
    """Returns the lines of each table by its data, in the order of their first lines.

    Args:
        entries: The lines.
    """
    tables = collections.defaultdict(list)
    for entry in entries:
        tables[entry.dataset].append(entry)
    return tables
