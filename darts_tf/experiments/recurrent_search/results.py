"""The folder that a search of recurrent cells leaves, read back as data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.genotype.saved_genotype import BEST_GENOTYPE_FILE
from darts_tf.runs import run_files
from darts_tf.space.topology import NUM_RECURRENT_INPUTS

CONFIG_FORMAT = "darts_tf.recurrent_search"
COLUMNS = (
    "epoch",
    "step",
    "learning_rate",
    "loss",
    "perplexity",
    "arch_loss",
    "val_loss",
    "val_perplexity",
    "gradient_norm",
    "arch_gradient_norm",
    "entropy_recurrent",
    "seconds",
    "peak_memory_gb",
)

_CELL = "recurrent"


@dataclass(frozen=True)
class RecurrentSearchRun(run_files.Run):
    """What a search has written so far, beside what every run writes.

    Attributes:
        settings: Every setting by name; `activations` is a tuple of names.
        alphas: The raw alpha by epoch, shape `(edges, activations)`.
        best: `RecurrentGenotype` of the epoch with the lowest validation perplexity.
        latest: `RecurrentGenotype` of the last epoch.
    """

    alphas: Mapping[int, np.ndarray]
    best: RecurrentGenotype
    latest: RecurrentGenotype

    @property
    def best_row(self) -> int:
        """Row of the metrics with the lowest validation loss, the first one."""
        return run_files.row_of_lowest(self.metrics["val_loss"])


def read_recurrent_run(run_folder: str | os.PathLike) -> RecurrentSearchRun:
    """Reads the folder of a recurrent search, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `RecurrentSearchRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    run = run_files.read_run(folder, CONFIG_FORMAT, COLUMNS)
    activations = run_files.primitive_names(run, "activations")
    run["settings"]["activations"] = activations
    best, latest = (
        run_files.read_genotype(RecurrentGenotype, folder / name, activations)
        for name in (BEST_GENOTYPE_FILE, run_files.LATEST_GENOTYPE_FILE)
    )
    alphas = run_files.read_alphas(
        folder / "alphas", (_CELL,), activations, NUM_RECURRENT_INPUTS
    )
    alphas = {epoch: alpha[_CELL] for epoch, alpha in alphas.items()}
    return RecurrentSearchRun(**run, alphas=alphas, best=best, latest=latest)
