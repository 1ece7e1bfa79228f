"""The section of results in the page of the searches that show collapse."""

import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.collapse.figures import TITLES, collapse_figure
from benchmarks.collapse.log import CollapseLog
from benchmarks.collapse.settings import Search
from benchmarks.collapse.summary import outcomes_of, table_of, table_over_steps
from benchmarks.results_section import check_page, write_section
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.tables import as_markdown


def write_results(
    page: str | os.PathLike, log: CollapseLog, planned: Sequence[Search]
) -> str:
    """Writes the section of results anew, and the figures beside the page.

    Args:
        page: The page.
        log: The log.
        planned: All searches that there are to be.

    Returns:
        The section.

    Raises:
        UserError: If the page is none with such a section.
    """
    check_page(page)
    blocks = [_progress(log, planned)]
    for space, title in TITLES.items():
        if outcomes := outcomes_of(log.rows, space):
            path = Path(page)
            figure = path.with_name(f"{path.stem}_{space}.svg")
            write_atomically(figure, figure_to_svg(collapse_figure(outcomes, space)))
            blocks += [f"### {title}", f"![Searches on {title}]({figure.name})"]
            blocks += _tables(outcomes, space)
    section = "\n\n".join(blocks)
    write_section(page, section)
    return section


def _progress(log, planned):
    ended = sum(map(log.holds, planned))
    return f"Searches that have ended: {ended} of {len(planned)}."


def _tables(outcomes, space):
    yield as_markdown(table_of(outcomes, space))
    if over_steps := table_over_steps(outcomes):
        yield "Medians of the accuracy, and of the rank, after steps of w:"
        yield as_markdown(over_steps)
