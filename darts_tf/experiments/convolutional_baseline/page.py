"""The page about a search of convolutional cells by trials."""

import dataclasses
import os
from pathlib import Path

from darts_tf.experiments.by_trials.page import write_baseline_page
from darts_tf.experiments.convolutional_baseline.results import read_baseline_run
from darts_tf.experiments.convolutional_search.page import WORDS as SEARCH_WORDS
from darts_tf.experiments.convolutional_search.page import words_for

WORDS = dataclasses.replace(SEARCH_WORDS, title="Architecture search by trials on")


def write_baseline_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a search by trials, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one trial in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_baseline_run(run_folder)
    return write_baseline_page(run, words_for(run.space, WORDS))
