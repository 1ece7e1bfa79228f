"""The page about a search of recurrent cells."""

import os
from pathlib import Path

from darts_tf.experiments.recurrent_search.results import read_recurrent_run
from darts_tf.experiments.search_page import SearchWords, write_search_page

WORDS = SearchWords(
    title="Search of a recurrent cell on",
    cells="cell",
    score="validation perplexity",
    column="val_perplexity",
    form=".2f",
    reason="the lowest validation perplexity",
    note="Node 0 is made of the input and the previous hidden state. Each other node "
    "reads one node before it, by the activation on its edge and with a gate of its "
    "own; the mean of the nodes is the next hidden state and the output.",
    trainer="eval_ptb",
    dataset="ptb",
)


def write_recurrent_search_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a recurrent search, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    return write_search_page(read_recurrent_run(run_folder), WORDS)
