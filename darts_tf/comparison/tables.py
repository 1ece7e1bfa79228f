"""The tables of a comparison, with the columns that papers print."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from darts_tf.comparison.entry import Entry, Measured
from darts_tf.comparison.finished_runs import (
    FinishedSearch,
    FinishedTraining,
    names_of,
)
from darts_tf.report.tables import Column, Table
from darts_tf.zoo.row import CIFAR10, IMAGENET, PENN_TREEBANK

TITLES = {
    CIFAR10: "CIFAR-10",
    IMAGENET: "ImageNet, mobile setting",
    PENN_TREEBANK: "Penn Treebank",
}
SOURCE = "source"
_COARSE = (IMAGENET, PENN_TREEBANK)


class _Part(NamedTuple):
    """A column of a table.

    Attributes:
        heading: Text above it.
        cell: Function of a line that returns the text in it.
        is_number: Whether it holds numbers.
    """

    heading: str
    cell: Callable[[Entry], str]
    is_number: bool = True


def table_of(dataset: str, entries: Sequence[Entry]) -> Table:
    """Returns the table of some data, the published rows above the runs.

    Columns in which no line says anything are left out.

    Args:
        dataset: Name of the data.
        entries: Its lines.
    """
    is_text = _is_text(dataset, entries)
    digits = 1 if is_text or dataset in _COARSE else 2
    parts = (
        _Part("architecture", lambda x: x.title, False),
        *(_perplexities(digits) if is_text else _errors(dataset, digits)),
        _Part("params (M)", _weights),
        _Part("mult-adds (M)", _multiply_adds),
        _Part("search cost (device hours)", lambda x: _short(x.search_hours)),
        _Part("search cost (GPU days)", _days),
        _Part("#ops", lambda x: "" if x.operations is None else str(x.operations)),
        _Part("search method", lambda x: x.search_method, False),
        _Part("runs", lambda x: str(len(x.trainings)) if x.trainings else ""),
        _Part("better than random (%)", lambda x: _signed(x.improvement)),
        _Part(SOURCE, lambda x: x.source, False),
    )
    lines = {kind: [] for kind in (True, False)}
    for entry in entries:
        lines[entry.row is not None].append([part.cell(entry) for part in parts])
    filled = [any(cells) for cells in zip(*lines[True], *lines[False])]
    columns = tuple(
        Column(part.heading, part.is_number) for part, has in zip(parts, filled) if has
    )
    groups = (_lines(group, filled) for group in lines.values() if group)
    return Table(columns, tuple(groups))


def _lines(group, filled):
    return tuple(
        tuple(text or "-" for text, has in zip(line, filled) if has) for line in group
    )


def _is_text(dataset, entries):
    trainings = [training for entry in entries for training in entry.trainings]
    return trainings[0].is_text if trainings else dataset == PENN_TREEBANK


def _errors(dataset, digits):
    if dataset != IMAGENET:
        return (_Part("test error (%)", lambda x: _measured(x.error, digits)),)
    return (
        _Part("top-1 error (%)", lambda x: _measured(x.error, digits)),
        _Part("top-5 error (%)", lambda x: _measured(x.other_error, digits)),
    )


def _perplexities(digits):
    return (
        _Part("valid perplexity", lambda x: _measured(x.other_error, digits)),
        _Part("test perplexity", lambda x: _measured(x.error, digits)),
    )


def _measured(value: Measured | None, digits: int) -> str:
    if value is None:
        return ""
    mean = f"{value.mean:.{digits}f}"
    if value.deviation is None:
        return mean
    return f"{mean} ± {value.deviation:.{max(2, digits)}f}"


def _weights(entry):
    if entry.row is not None:
        return entry.row.published.text("weights")
    return _short(entry.weights)


def _multiply_adds(entry):
    if entry.row is not None:
        return entry.row.published.text("multiply_adds")
    return _short(entry.multiply_adds)


def _days(entry):
    if entry.row is not None:
        return entry.row.published.text("search_days")
    return (
        entry.search_days
        if isinstance(entry.search_days, str)
        else _short(entry.search_days)
    )


def _short(value: float | None) -> str:
    """A number to two digits at least, and never as a power of ten."""
    if value is None:
        return ""
    if not value or not math.isfinite(value):
        return f"{value:g}"
    decimals = 1 - math.floor(math.log10(abs(value)))
    return f"{value:.{max(0, min(decimals, 12))}f}"


def _signed(value):
    # A zero is added, so that none comes out negative.
    return "" if value is None else f"{round(value, 2) + 0.0:+.2f}"


def search_table(
    searches: Sequence[FinishedSearch],
    trainings: Iterable[FinishedTraining],
    device_count: int,
) -> Table:
    """Returns a table of searches, with the best validation of each.

    Args:
        searches: Searches on the same data, at least one.
        trainings: All trainings, some of which are of their cells.
        device_count: See `FinishedRun.hours`.
    """
    trainings = list(trainings)
    best = "best validation " + ("perplexity" if searches[0].is_text else "error (%)")
    names = (
        "search",
        "method",
        "seed",
        "epochs or trials",
        best,
        "steps of w",
        "passes",
        "device hours",
        "trainings",
    )
    columns = [Column(name, name not in ("search", "method")) for name in names]
    lines = (
        (
            name,
            x.method,
            str(x.settings.get("seed", "-")),
            f"{x.run.metrics['epoch'][-1]:.0f}",
            f"{min(x.validation_scores()):.2f}",
            f"{x.cost.steps:,}" if x.cost else "-",
            f"{x.cost.passes:,}" if x.cost else "-",
            _short(x.hours(device_count)) or "-",
            str(sum(map(x.found, trainings))),
        )
        for name, x in zip(names_of(searches), searches)
    )
    return Table(tuple(columns), (tuple(lines),))


def csv_of(entries: Sequence[Entry]) -> str:
    """Returns all lines as comma-separated values, the numbers as exact as they are.

    Args:
        entries: The lines of all tables.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, _FIGURES, lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow({name: figure(entry) for name, figure in _FIGURES.items()})
    return text.getvalue()


def _part_of(name, part):
    def figure(entry):
        measured = getattr(entry, name)
        return None if measured is None else getattr(measured, part)

    return figure


_FIGURES: dict[str, Callable[[Entry], object]] = {
    "data": lambda x: x.dataset,
    "architecture": lambda x: x.title,
    "row": lambda x: x.row.name if x.row else "",
    "error": _part_of("error", "mean"),
    "error_deviation": _part_of("error", "deviation"),
    "other_error": _part_of("other_error", "mean"),
    "other_error_deviation": _part_of("other_error", "deviation"),
    "weights_millions": lambda x: x.weights,
    "multiply_adds_millions": lambda x: x.multiply_adds,
    "search_device_hours": lambda x: x.search_hours,
    "search_gpu_days": lambda x: x.search_days,
    "operations": lambda x: x.operations,
    "search_method": lambda x: x.search_method,
    "runs": lambda x: len(x.trainings) or None,
    "better_than_random_percent": lambda x: x.improvement,
    "source": lambda x: x.source,
}
