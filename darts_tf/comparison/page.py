"""The page of a comparison, which needs no other file and no network."""

import os
from collections.abc import Sequence
from pathlib import Path

from darts_tf.comparison.section import Section, notes_of
from darts_tf.report import page
from darts_tf.report.tables import as_html

PAGE_FILE = "comparison.html"


def write_comparison_page(
    folder: str | os.PathLike, sections: Sequence[Section]
) -> Path:
    """Writes `comparison.html`.

    Args:
        folder: Where to; it is made if need be.
        sections: What is known of each data set.

    Returns:
        The path of the page.
    """
    return page.write_plain_page(
        Path(folder) / PAGE_FILE,
        title="Comparison",
        summary="Runs and published networks, with the columns that papers print.",
        sections={
            **{
                page.escape(section.title): _section(section, f"data-{number}")
                for number, section in enumerate(sections)
            },
            "How to read the tables": _list(notes_of(sections)),
        },
    )


def _section(section, name):
    parts = [as_html(table) for table in section.tables]
    for title, lines in section.confounds.items():
        parts.append(f"<h3>{title}</h3>{_list(lines)}")
    if section.figures:
        parts.append(page.inline_figures(section.figures, name, grid=True))
    return "\n".join(parts)


def _list(lines):
    return f"<ul>{''.join(f'<li>{page.escape(line)}</li>' for line in lines)}</ul>"
