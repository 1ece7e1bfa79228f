"""The page about a search of a recurrent cell by trials."""

import dataclasses
import os
from pathlib import Path

from darts_tf.experiments.by_trials.page import write_baseline_page
from darts_tf.experiments.recurrent_baseline.results import read_recurrent_baseline_run
from darts_tf.experiments.recurrent_search.page import WORDS as SEARCH_WORDS

WORDS = dataclasses.replace(
    SEARCH_WORDS, title="Search of a recurrent cell by trials on"
)


def write_recurrent_baseline_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a search by trials, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one trial in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    return write_baseline_page(read_recurrent_baseline_run(run_folder), WORDS)
