"""What the protocol of the suite has found."""

import collections
import csv
import io
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from darts_tf.comparison.entry import Entry, Measured
from darts_tf.comparison.figures import distribution_figure
from darts_tf.comparison.finished_runs import FinishedTraining
from darts_tf.comparison.ranking import ranks
from darts_tf.experiments.kinds import read_run
from darts_tf.protocol.report import Report, cost_table, finished
from darts_tf.protocol.suite import SuiteParts, SuitePlan, nine_settings
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.report.tables import Column, Table

_NOTES = (
    "The cell of a method on a benchmark is that of the search with the least "
    "validation loss. It is trained at the size of the search, on the half of the "
    "training images that no search has seen, under nine settings: each learning rate "
    "with each weight decay.",
    "Mean, sample deviation and best are over the nine trainings, of test errors after "
    "the last epoch; the best one is chosen by the test images, as the paper has it.",
    "The rank of a method is by its mean error; equal ones share their mean rank.",
)


class _Result(NamedTuple):
    """The trainings of one method on one benchmark."""

    parts: SuiteParts
    trainings: Sequence[FinishedTraining]
    errors: Sequence[float]

    @property
    def mean(self):
        return statistics.fmean(self.errors)


def suite_report(plan: SuitePlan, folder: Path) -> Report:
    """Reads what all parts have found.

    Args:
        plan: The parts, which have ended.
        folder: The folder of the protocol.

    Returns:
        The report.
    """
    by_benchmark = collections.defaultdict(list)
    for parts in plan.cells:
        trainings = finished(folder, parts.trainings)
        errors = [training.error for training in trainings]
        by_benchmark[parts.benchmark].append(_Result(parts, trainings, errors))
    return Report(
        title="Protocol of 2025",
        summary="Methods on the benchmarks of DARTS-Bench-Suite (arXiv 2507.16533).",
        tables={
            "Ranks over all benchmarks": rank_table(
                {
                    name: {x.parts.method.label: x.mean for x in results}
                    for name, results in by_benchmark.items()
                }
            ),
            **{name: _table(results) for name, results in by_benchmark.items()},
            "Cost": cost_table(folder, _stages(plan)),
        },
        figures={
            title: distribution_figure(title, [*map(_entry, results)])
            for name, results in by_benchmark.items()
            for title in (f"Test errors under the nine settings, {name}",)
        },
        cells=_cells(plan, folder),
        notes=_NOTES,
        csv=_csv(by_benchmark),
    )


def rank_table(errors: dict[str, dict[str, float]]) -> Table:
    """Returns the rank of each method on each benchmark, and its mean rank.

    Args:
        errors: The mean error of each method by its name, for each benchmark by name;
            all have the same methods.
    """
    by_benchmark = {name: ranks([*values.values()]) for name, values in errors.items()}
    methods = [*next(iter(errors.values()))]
    table = np.stack([*by_benchmark.values()], axis=1)
    columns = (
        Column("method"),
        Column("mean rank", True),
        *(Column(name, True) for name in by_benchmark),
    )
    order = np.argsort(table.mean(axis=1), kind="stable")
    lines = (
        (methods[row], f"{table[row].mean():.2f}", *(f"{x:g}" for x in table[row]))
        for row in order
    )
    return Table(columns, (tuple(lines),))


def _table(results: Sequence[_Result]) -> Table:
    headings = ("mean test error (%)", "deviation", "best (%)", "rank")
    columns = (Column("method"), *(Column(x, True) for x in headings))
    lines = [
        (
            result.parts.method.label,
            f"{result.mean:.2f}",
            f"{statistics.stdev(result.errors):.2f}",
            f"{min(result.errors):.2f}",
            f"{rank:g}",
        )
        for result, rank in zip(results, ranks([x.mean for x in results]))
    ]
    return Table(columns, (tuple(lines),))


def _entry(result: _Result) -> Entry:
    return Entry(
        title=result.parts.method.label,
        dataset=result.parts.benchmark,
        source="",
        error=Measured.of(result.errors),
        trainings=tuple(result.trainings),
    )


def _cells(plan: SuitePlan, folder: Path) -> dict[str, Figure]:
    figures = {}
    for parts in plan.cells:
        genotype = read_run(folder / parts.trainings[0].name).genotype
        title = f"{parts.method.label} on {parts.benchmark}"
        figures |= draw_genotype(genotype, title)
    return figures


def _csv(by_benchmark) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = ("learning_rate", "weight_decay", "test_error")
    writer.writerow(("benchmark", "method", "setting", *names))
    for name, results in by_benchmark.items():
        for result in results:
            settings = enumerate(nine_settings(), start=1)
            for (number, values), error in zip(settings, result.errors):
                label = result.parts.method.label
                writer.writerow((name, label, number, *values, error))
    return text.getvalue()


def _stages(plan):
    return {
        "searches": [part for x in plan.cells for part in x.searches],
        "trainings": [part for x in plan.cells for part in x.trainings],
    }
