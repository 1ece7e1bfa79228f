"""The page about a search of convolutional cells."""

import dataclasses
import os
from pathlib import Path

from darts_tf.experiments.convolutional_search.results import (
    TABLE_COLUMNS,
    SearchRun,
    read_run,
)
from darts_tf.experiments.search_page import SearchWords, write_search_page
from darts_tf.report import curves, page
from darts_tf.space.search_space import SearchSpace

WORDS = SearchWords(
    title="Architecture search on",
    cells="cells",
    score="validation accuracy",
    column="val_accuracy",
    form=".2%",
    reason="the highest validation accuracy",
    note="The text counts the cell's two inputs as 0 and 1: its node 2 is node 0 of "
    "the drawing, its node 3 is node 1, and so on.",
    trainer="eval_cifar",
    dataset="cifar10",
)
_NOTE_OF_ONE_INPUT = (
    "The text counts the cell's input as 0: its node 1 is node 0 of the drawing, its "
    "node 2 is node 1, and so on."
)


def write_search_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a search, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_run(run_folder)
    sections = {"In the table": _in_table(run)} if _has_table(run) else {}
    return write_search_page(run, words_for(run.space), sections)


def words_for(space: SearchSpace, words: SearchWords = WORDS) -> SearchWords:
    """Returns the words of a search, whose cells may have one input instead of two.

    Args:
        space: Its space.
        words: Those for cells with two inputs.
    """
    if all(cell.num_inputs == 1 for cell in space.cells):
        return dataclasses.replace(words, note=_NOTE_OF_ONE_INPUT)
    return words


def _has_table(run: SearchRun) -> bool:
    return TABLE_COLUMNS[0] in run.metrics


def _in_table(run: SearchRun) -> str:
    """What the table says of the cell after each epoch, as curves and in numbers."""
    metrics = run.metrics
    names = ("epoch", *TABLE_COLUMNS)
    rows = "".join(
        f"<tr><td>{epoch:.0f}</td><td>{valid:.2f} %</td><td>{test:.2f} %</td>"
        f"<td>{rank:,.0f}</td></tr>"
        for epoch, valid, test, rank in zip(*(metrics[name] for name in names))
    )
    titles = ("epoch", "validation", "test", "rank")
    header = "".join(f"<th>{title}</th>" for title in titles)
    figures = {
        "Accuracy in the table": curves.table_accuracies(metrics),
        "Rank in the table": curves.table_ranks(metrics),
    }
    note = (
        f"The table is {page.escape(run.settings['table'])}. The rank is one more than "
        "the number of cells with a higher validation accuracy."
    )
    return (
        f"<p>{note}</p>{page.inline_figures(figures, 'table', grid=True)}"
        f'<div class="scroll"><table><tr>{header}</tr>{rows}</table></div>'
    )
