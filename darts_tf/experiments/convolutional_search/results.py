"""The folder that a search of convolutional cells leaves, read back as data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from darts_tf.genotype.convolutional_genotype import BEST_GENOTYPE_FILE, Genotype
from darts_tf.runs import run_files
from darts_tf.space.topology import NUM_CELL_INPUTS

CELLS = ("normal", "reduce")
CONFIG_FORMAT = "darts_tf.search"
COLUMNS = (
    "epoch",
    "step",
    "learning_rate",
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
    "seconds",
    "peak_memory_gb",
)


@dataclass(frozen=True)
class SearchRun(run_files.Run):
    """What a search has written so far, beside what every run writes.

    Attributes:
        settings: Every setting by name; `primitives` is a tuple of names.
        alphas: By epoch a dictionary of the raw alpha of the `normal` and the `reduce`
            cell, shape `(edges, primitives)`.
        best: `Genotype` of the epoch with the highest validation accuracy.
        latest: `Genotype` of the last epoch.
    """

    alphas: Mapping[int, Mapping[str, np.ndarray]]
    best: Genotype
    latest: Genotype

    @property
    def best_row(self) -> int:
        """Row of the metrics with the highest validation accuracy, the first one."""
        return run_files.row_of_highest(self.metrics["val_accuracy"])


def read_run(run_folder: str | os.PathLike) -> SearchRun:
    """Reads the folder of a search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `SearchRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    run = run_files.read_run(folder, CONFIG_FORMAT, COLUMNS)
    primitives = run_files.primitive_names(run, "primitives")
    run["settings"]["primitives"] = primitives
    best, latest = (
        run_files.read_genotype(Genotype, folder / name, primitives)
        for name in (BEST_GENOTYPE_FILE, run_files.LATEST_GENOTYPE_FILE)
    )
    alphas = run_files.read_alphas(
        folder / "alphas", CELLS, primitives, NUM_CELL_INPUTS
    )
    return SearchRun(**run, alphas=alphas, best=best, latest=latest)
