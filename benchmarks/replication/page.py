"""The section of results in the page of the small replication."""

import os
from pathlib import Path

from benchmarks.replication.figure import replication_figure
from benchmarks.replication.items import SEARCH
from benchmarks.replication.log import ReplicationLog
from benchmarks.replication.settings import IMAGES, TEXTS
from benchmarks.replication.summary import outcomes_of, table_of
from benchmarks.results_section import check_page, write_section
from darts_tf.atomic_file import write_atomically
from darts_tf.report.figure_files import figure_to_svg
from darts_tf.report.tables import as_markdown

_TITLES = {IMAGES: "Images", TEXTS: "Text"}


def write_results(page: str | os.PathLike, log: ReplicationLog) -> str:
    """Writes the section of results anew, and the figure beside the page.

    Args:
        page: The page.
        log: The log.

    Returns:
        The section.

    Raises:
        UserError: If the page is none with such a section.
    """
    check_page(page)
    found = {kind: outcomes_of(log.rows, kind) for kind in (IMAGES, TEXTS)}
    found = {kind: outcomes for kind, outcomes in found.items() if outcomes}
    searches = sum(row["stage"] == SEARCH for row in log.rows)
    trainings = len(log.rows) - searches
    blocks = [f"Searches that have ended: {searches}; trainings: {trainings}."]
    if found:
        figure = Path(page).with_suffix(".svg")
        write_atomically(figure, figure_to_svg(replication_figure(found)))
        blocks.append(f"![Test errors, improvements and costs]({figure.name})")
    for kind, outcomes in found.items():
        blocks += [f"### {_TITLES[kind]}", as_markdown(table_of(outcomes, kind))]
    section = "\n\n".join(blocks)
    write_section(page, section)
    return section
