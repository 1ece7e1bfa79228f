"""The folder that a search of convolutional cells leaves, read back as data."""

import os
from dataclasses import dataclass

from darts_tf.experiments.architecture_run import ArchitectureRun, read_architecture_run
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.runs.metrics_table import columns_of_run
from darts_tf.space.search_space import convolutional_space

CONFIG_FORMAT = "darts_tf.search"
COLUMNS = columns_of_run(
    "loss",
    "accuracy",
    "arch_loss",
    "arch_accuracy",
    "val_loss",
    "val_accuracy",
    "gradient_norm",
    "arch_gradient_norm",
    "entropy_normal",
    "entropy_reduce",
    "skip_connect_normal",
    "skip_connect_reduce",
)


@dataclass(frozen=True)
class SearchRun(ArchitectureRun):
    """What a search has written so far; its best epoch is the most accurate one.

    It has the attributes of `ArchitectureRun`. The genotypes are each a `Genotype`,
    and `settings["primitives"]` is a tuple of names.
    """

    SCORE = ("val_accuracy", max)


def read_run(run_folder: str | os.PathLike) -> SearchRun:
    """Reads the folder of a search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `SearchRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    run = read_architecture_run(
        run_folder, CONFIG_FORMAT, COLUMNS, Genotype, "primitives", convolutional_space
    )
    return SearchRun(**run)
