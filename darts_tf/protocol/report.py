"""The report of a protocol: a page, and its tables as Markdown and CSV."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from darts_tf.atomic_file import write_atomically
from darts_tf.comparison.finished_runs import FinishedRun
from darts_tf.comparison.reading import read_runs
from darts_tf.comparison.tables import SOURCE
from darts_tf.protocol.part import Part
from darts_tf.report import page
from darts_tf.report.tables import Column, Table, as_html, as_markdown, as_text
from darts_tf.run_layout import REPORT_FILE

MARKDOWN_FILE, CSV_FILE = "results.md", "results.csv"


class Report(NamedTuple):
    """What a protocol has found.

    Attributes:
        title: Of the page.
        summary: A sentence under it.
        tables: The tables by their headings.
        figures: The figures by their titles.
        cells: Drawings of the cells that were trained, by their titles.
        notes: Sentences on how to read the tables.
        csv: All results as comma-separated values.
    """

    title: str
    summary: str
    tables: Mapping[str, Table]
    figures: Mapping[str, Figure]
    cells: Mapping[str, Figure]
    notes: Sequence[str]
    csv: str

    @property
    def text(self) -> str:
        """The tables for a terminal."""
        blocks = (
            f"{heading}\n{as_text(table.without(SOURCE))}"
            for heading, table in self.tables.items()
        )
        return "\n\n".join(blocks)

    @property
    def markdown(self) -> str:
        """The tables in Markdown."""
        blocks = [
            block
            for heading, table in self.tables.items()
            for block in (f"## {heading}", as_markdown(table))
        ]
        return "\n\n".join([f"# {self.title}", *blocks, *self.notes]) + "\n"


def write_report(folder: Path, report: Report) -> list[Path]:
    """Writes the page and the tables.

    Args:
        folder: The folder of the protocol.
        report: What it has found.

    Returns:
        The paths, that of the page first.
    """
    notes = "".join(f"<li>{page.escape(note)}</li>" for note in report.notes)
    tables = {page.escape(k): as_html(table) for k, table in report.tables.items()}
    path = page.write_plain_page(
        folder / REPORT_FILE,
        title=report.title,
        summary=report.summary,
        sections={
            **tables,
            "Figures": page.inline_figures(report.figures, "figure", grid=True),
            "Cells": page.inline_figures(report.cells, "cells"),
            "How to read the tables": f"<ul>{notes}</ul>",
        },
    )
    return [
        path,
        write_atomically(folder / MARKDOWN_FILE, report.markdown),
        write_atomically(folder / CSV_FILE, report.csv),
    ]


def cost_table(folder: Path, stages: Mapping[str, Sequence[Part]]) -> Table:
    """Returns a table of what the stages of a protocol took.

    Args:
        folder: The folder of the protocol.
        stages: The parts of each stage by its name; those without a folder had nothing
            to do.
    """
    columns = (Column("stage"), Column("parts", True), Column("device hours", True))
    lines = []
    for stage, parts in stages.items():
        runs = finished(folder, parts)
        hours = [run.hours(1) for run in runs]
        text = "-" if None in hours else f"{sum(hours):,.3f}"
        lines.append((stage, str(len(runs)), text))
    return Table(columns, (tuple(lines),))


def finished(folder: Path, parts: Sequence[Part]) -> list[FinishedRun]:
    """Returns the runs of parts, of which some may have had nothing to do.

    Args:
        folder: The folder of the protocol.
        parts: The parts.
    """
    found = []
    for path in (folder / part.name for part in parts):
        if path.is_dir():
            searches, trainings = read_runs([path])
            found += [*searches, *trainings]
    return found
