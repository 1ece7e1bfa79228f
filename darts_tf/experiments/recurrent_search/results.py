"""The folder that a search of recurrent cells leaves, read back as data."""

import os
from dataclasses import dataclass

from darts_tf.experiments.architecture_run import ArchitectureRun, read_architecture_run
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.runs.metrics_table import columns_of_run
from darts_tf.space.search_space import recurrent_space

CONFIG_FORMAT = "darts_tf.recurrent_search"
COLUMNS = columns_of_run(
    "loss",
    "perplexity",
    "arch_loss",
    "val_loss",
    "val_perplexity",
    "gradient_norm",
    "arch_gradient_norm",
    "entropy_recurrent",
)


@dataclass(frozen=True)
class RecurrentSearchRun(ArchitectureRun):
    """What a search has written so far; its best epoch has the lowest perplexity.

    It has the attributes of `ArchitectureRun`. The genotypes are each a
    `RecurrentGenotype`, and `settings["activations"]` is a tuple of names.
    """

    SCORE = ("val_loss", min)


def read_recurrent_run(run_folder: str | os.PathLike) -> RecurrentSearchRun:
    """Reads the folder of a recurrent search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `RecurrentSearchRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    run = read_architecture_run(
        run_folder,
        CONFIG_FORMAT,
        COLUMNS,
        RecurrentGenotype,
        "activations",
        recurrent_space,
    )
    return RecurrentSearchRun(**run)
