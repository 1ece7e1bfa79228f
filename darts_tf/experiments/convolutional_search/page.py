"""The page about a search of convolutional cells."""

import os
from pathlib import Path

from darts_tf.experiments.convolutional_search.results import read_run
from darts_tf.experiments.search_page import SearchWords, write_search_page

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
    return write_search_page(read_run(run_folder), WORDS)
