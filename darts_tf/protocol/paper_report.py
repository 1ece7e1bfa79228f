"""What the protocol of DARTS has found."""

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from darts_tf.comparison import ComparisonConfig
from darts_tf.comparison.output import make_sections
from darts_tf.comparison.section import notes_of
from darts_tf.comparison.tables import csv_of
from darts_tf.experiments.kinds import read_run
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.paper import MethodParts, PaperPlan
from darts_tf.protocol.progress_figure import progress_figure
from darts_tf.protocol.report import Report, cost_table
from darts_tf.protocol.scores import validation_error
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.report.tables import Column, Table

_NOTES = (
    "The cell of a method is the best of those of its searches by the validation of a "
    "brief training, which sees no test image or text; where there was one search it "
    "is the cell of that.",
    "A set of images without test images of its own gives a search all of its images: "
    "the test errors of its cells are of images that the search has seen.",
)


def paper_report(plan: PaperPlan, config: ProtocolConfig, folder: Path) -> Report:
    """Reads what all parts have found.

    Args:
        plan: The parts, which have ended.
        config: The settings of the protocol.
        folder: Its folder.

    Returns:
        The report.
    """
    compared = [part for x in plan.methods for part in (*x.searches, *x.trainings)]
    name = read_run(folder / compared[0].name).data["name"]
    sections = make_sections(
        [folder / part.name for part in compared], ComparisonConfig(dataset=name)
    )
    (section,) = sections
    tables = {"Networks": section.table, "Searches": section.searches}
    figures = {**_progress(plan, folder, config.is_text), **section.figures}
    confounds = [
        f"{title} {line}." for title, xs in section.confounds.items() for line in xs
    ]
    return Report(
        title=f"Protocol of 2018 on {section.title}",
        summary=_summary(config),
        tables={
            **{heading: table for heading, table in tables.items() if table},
            "Choice of the cells": _choices(plan.methods, folder),
            "Cost": cost_table(folder, _stages(plan)),
        },
        figures=figures,
        cells=_cells(plan.methods, folder),
        notes=(*_NOTES, *notes_of(sections), *confounds),
        csv=csv_of(section.entries),
    )


def _summary(config):
    return (
        f"{config.num_searches} searches of each method but random search; "
        f"{config.trainings} trainings of the best cell (DARTS, arXiv 1806.09055)."
    )


def _choices(methods: Sequence[MethodParts], folder: Path) -> Table:
    """A line for each search: its validation, and that of its brief training."""
    headings = (
        "search",
        "validation in the search",
        "after a brief training",
        "chosen",
    )
    lines = []
    for parts in methods:
        best = parts.best.choice(folder)
        for search, judge in zip(parts.searches, parts.best.candidates):
            brief = _validation(folder / judge) if parts.briefs else "-"
            found = _validation(folder / search.name)
            chosen = "yes" if judge == best else ""
            lines.append((search.name, found, brief, chosen))
    columns = tuple(Column(x, x not in ("search", "chosen")) for x in headings)
    return Table(columns, (tuple(lines),))


def _validation(folder: Path) -> str:
    score = validation_error(read_run(folder))
    return "-" if math.isinf(score) else f"{score:.2f}"


def _progress(plan: PaperPlan, folder: Path, is_text: bool) -> dict[str, Figure]:
    """A figure for each method whose searches were looked at while they went on."""
    lines = {
        part.name.rpartition("/")[2]: validation_error(read_run(folder / part.name))
        for part in plan.lines
    }
    figures = {}
    for parts in plan.methods:
        searches = [
            {
                part.cells.epoch: validation_error(read_run(folder / part.name))
                for part in row
                if (folder / part.name).is_dir()
            }
            for row in parts.progress
        ]
        searches = [search for search in searches if search]
        if searches:
            title = f"Progress of the searches by {parts.method.label}"
            figures[title] = progress_figure(title, searches, lines, is_text)
    return figures


def _cells(methods: Sequence[MethodParts], folder: Path) -> dict[str, Figure]:
    """Drawings of the cells that were trained, by their titles."""
    figures = {}
    for parts in methods:
        genotype = read_run(folder / parts.trainings[0].name).genotype
        figures |= draw_genotype(genotype, parts.method.label)
    return figures


def _stages(plan):
    methods = plan.methods
    stages = {
        "searches": [part for x in methods for part in x.searches],
        "brief trainings": [part for x in methods for part in x.briefs],
        "full trainings": [part for x in methods for part in x.trainings],
        "progress": [
            *plan.lines,
            *(part for x in methods for row in x.progress for part in row),
        ],
    }
    return {stage: parts for stage, parts in stages.items() if parts}
