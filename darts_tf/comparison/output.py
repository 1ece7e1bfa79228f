"""What a user sees of a comparison: tables as text, files and a page."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.comparison import tables
from darts_tf.comparison.config import ComparisonConfig
from darts_tf.comparison.confounds import search_confounds, training_confounds
from darts_tf.comparison.entries import (
    by_dataset,
    published_entries,
    run_entries,
)
from darts_tf.comparison.entry import Entry
from darts_tf.comparison.figures import figures_of, file_names
from darts_tf.comparison.finished_runs import FinishedSearch
from darts_tf.comparison.improvement import with_improvements
from darts_tf.comparison.page import write_comparison_page
from darts_tf.comparison.reading import read_runs
from darts_tf.comparison.section import Section, notes_of
from darts_tf.errors import UserError
from darts_tf.report.figure_files import figure_to_png, figure_to_svg
from darts_tf.report.tables import as_latex, as_markdown, as_text
from darts_tf.runs.run_folder import check_writable
from darts_tf.zoo.row import DATASETS

MARKDOWN_FILE = "comparison.md"
CSV_FILE = "comparison.csv"
LATEX_FILE = "comparison.tex"
FIGURE_FOLDER = "figures"


def compare(runs: Iterable[str | os.PathLike], config: ComparisonConfig) -> str:
    """Compares finished runs with each other and with the published rows.

    Args:
        runs: Folders of searches and trainings; none for the published rows alone.
        config: The settings.

    Returns:
        The tables as text, and the paths of the files that were written.

    Raises:
        UserError: If a folder holds no finished run, there is nothing to compare, or
            the files could not be written.
    """
    if config.output is not None:
        check_writable(config.output)
    sections = make_sections(runs, config)
    parts = [*map(_text, sections), "\n".join(notes_of(sections))]
    text = "\n\n".join(filter(None, parts))
    if config.output is None:
        return text
    paths = "\n".join(map(str, write_comparison(config.output, sections)))
    return f"{text}\n\n{paths}"


def make_sections(
    runs: Iterable[str | os.PathLike], config: ComparisonConfig
) -> list[Section]:
    """Returns what is known of each data set; arguments and errors as `compare`."""
    searches, trainings = read_runs(runs)
    if config.dataset is not None:
        searches = [x for x in searches if x.dataset == config.dataset]
        trainings = [x for x in trainings if x.dataset == config.dataset]
    entries = published_entries(config.dataset) if config.published else []
    entries = by_dataset([*entries, *run_entries(searches, trainings, config)])
    names = dict.fromkeys((*DATASETS, *entries, *(x.dataset for x in searches)))
    sections = [
        _section(name, entries.get(name, ()), searches, trainings, config)
        for name in names
        if name in entries or any(x.dataset == name for x in searches)
    ]
    if not sections:
        which = "" if config.dataset is None else f" of `dataset`={config.dataset}"
        raise UserError(f"There is nothing{which} to compare: give folders of runs.")
    return sections


def _section(
    dataset: str,
    entries: Sequence[Entry],
    searches: Sequence[FinishedSearch],
    trainings,
    config: ComparisonConfig,
) -> Section:
    entries = with_improvements(entries)
    searches = [x for x in searches if x.dataset == dataset]
    count = config.device_count
    return Section(
        dataset,
        tables.TITLES.get(dataset, dataset),
        tuple(entries),
        tables.table_of(dataset, entries) if entries else None,
        tables.search_table(searches, trainings, count) if searches else None,
        tuple(training_confounds(entries)),
        tuple(search_confounds(searches)),
        figures_of(searches, entries, count),
    )


def _text(section):
    parts = [section.title]
    parts += [as_text(table.without(tables.SOURCE)) for table in section.tables]
    for title, lines in section.confounds.items():
        parts.append("\n".join([f"{title}:", *(f"  {line}" for line in lines)]))
    return "\n\n".join(parts).replace("\n\n", "\n", 1)


def write_comparison(
    folder: str | os.PathLike, sections: Sequence[Section]
) -> list[Path]:
    """Writes the tables as Markdown, CSV and LaTeX, the figures and the page.

    Args:
        folder: Where to; it is made if need be.
        sections: What `make_sections` returned.

    Returns:
        The paths, that of the page first.
    """
    folder = Path(folder)
    entries = [entry for section in sections for entry in section.entries]
    return [
        write_comparison_page(folder, sections),
        write_atomically(folder / MARKDOWN_FILE, markdown_of(sections)),
        write_atomically(folder / CSV_FILE, tables.csv_of(entries)),
        write_atomically(folder / LATEX_FILE, latex_of(sections)),
        *_written_figures(folder / FIGURE_FOLDER, sections),
    ]


def _written_figures(folder: Path, sections: Sequence[Section]) -> Iterable[Path]:
    writers = {"svg": figure_to_svg, "png": figure_to_png}
    for number, section in enumerate(sections, start=1):
        # The name of data may be a path, or written in letters that no file has.
        prefix = re.sub(r"[^A-Za-z0-9_-]+", "_", section.dataset)[:40]
        prefix = prefix if section.dataset in DATASETS else f"{prefix}_{number}"
        names = file_names(section.figures, prefix)
        for title, figure in section.figures.items():
            for suffix, to_bytes in writers.items():
                path = folder / f"{names[title]}.{suffix}"
                yield write_atomically(path, to_bytes(figure))


def markdown_of(sections: Sequence[Section]) -> str:
    """Returns all tables in Markdown.

    Args:
        sections: What `make_sections` returned.
    """
    parts = []
    for section in sections:
        parts += [f"## {section.title}", *map(as_markdown, section.tables)]
        for title, lines in section.confounds.items():
            parts.append(f"{title}:")
            parts.append("\n".join(f"- {line}" for line in lines))
    return "\n\n".join([*parts, *notes_of(sections)]) + "\n"


def latex_of(sections: Sequence[Section]) -> str:
    """Returns all tables of architectures in LaTeX, to be read by `input`.

    A page is too narrow for the sources, which the other forms have.

    Args:
        sections: What `make_sections` returned.
    """
    head = "% Needs \\usepackage{booktabs}."
    parts = [
        as_latex(section.table.without(tables.SOURCE), f"Networks for {section.title}.")
        for section in sections
        if section.table is not None
    ]
    return "\n\n".join([head, *parts]) + "\n"
