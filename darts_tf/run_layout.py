"""The files of a run's folder, by their names and the epochs in these.

Writers and readers take the names from here. They are not in `darts_tf.runs`, since the
folder of a run also stands for its best genotype or network, which packages before that
one find in it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

# What every run has.
CONFIG_FILE = "config.json"
LOCK_FILE = ".lock"
METRICS_FILE = "metrics.csv"
REPORT_FILE = "report.html"
TENSORBOARD_FOLDER = "tensorboard"
CHECKPOINT_FOLDER = "checkpoints"

# What a search finds.
BEST_GENOTYPE_FILE = "genotype_best.json"
LATEST_GENOTYPE_FILE = "genotype_latest.json"
GENOTYPE_FOLDER = "genotypes"
ALPHA_FOLDER = "alphas"
STAGE_FOLDER = "stages"
DRAWING_FOLDER = "cells"
IMPORTANCE_FOLDER = "importance"
TRIALS_FILE = "trials.jsonl"

# What a training finds.
BEST_MODEL_FILE = "model_best.keras"
LATEST_MODEL_FILE = "model_latest.keras"
PREDICTIONS_FILE = "predictions.npz"
RESULTS_FILE = "results.json"
BEST_CHECKPOINT_FOLDER = f"{CHECKPOINT_FOLDER}/best"

# The words of a text.
VOCABULARY_FILE = "vocabulary.txt"

# Where the command in a report puts what other programs run.
EXPORT_FOLDER = "exported"

# Folders into which TensorFlow writes a checkpoint before it is whole.
UNFINISHED_CHECKPOINTS = "epoch_*_temp"


def genotype_file(epoch: int) -> str:
    """Returns the file of the genotype after an epoch, counted from 1."""
    return f"{GENOTYPE_FOLDER}/{_of_epoch(epoch)}.json"


def genotype_files(folder: Path) -> dict[int, Path]:
    """Returns the genotypes of epochs that a run has, by these, in order.

    Args:
        folder: The run folder.
    """
    return dict(sorted(_by_epoch(folder / GENOTYPE_FOLDER, ".json")))


def strengths_name(kind: str) -> str:
    """Returns the name of the strengths of a kind of cell in a file of alpha."""
    return f"strengths_{kind}"


def alpha_file(epoch: int) -> str:
    """Returns the file of alpha after an epoch, counted from 1."""
    return f"{ALPHA_FOLDER}/{_of_epoch(epoch)}.npz"


def alpha_files(folder: Path) -> dict[int, Path]:
    """Returns the files of alpha that a run has, by their epochs, in order.

    Args:
        folder: The run folder.
    """
    return dict(sorted(_by_epoch(folder / ALPHA_FOLDER, ".npz")))


def stage_file(epoch: int) -> str:
    """Returns the file of the space of a stage that begins with an epoch from 1 up."""
    return f"{STAGE_FOLDER}/{_of_epoch(epoch)}.json"


def stage_files(folder: Path) -> dict[int, Path]:
    """Returns the spaces of stages that a run has, by their first epochs, in order.

    Args:
        folder: The run folder.
    """
    return dict(sorted(_by_epoch(folder / STAGE_FOLDER, ".json")))


def cell_drawing(role: str, kind: str) -> str:
    """Returns the drawing of a cell, without the suffix of the format.

    Args:
        role: Epoch that it is of: "best", "latest", or "recommended" where that is
            another one than the best.
        kind: Kind of the cell.
    """
    return f"{DRAWING_FOLDER}/{role}_{kind}"


def importance_file(name: str) -> str:
    """Returns a file about the importance of operations.

    Args:
        name: Kind of cell and the suffix of a drawing, or name of a table.
    """
    return f"{IMPORTANCE_FOLDER}/{name}"


def checkpoint_name(epochs: int) -> str:
    """Returns the name of the checkpoint after so many epochs, without ending."""
    return f"epoch_{epochs:04d}"


def checkpoint_prefixes(folder: Path) -> list[Path]:
    """Returns the path of each checkpoint, without ending, the newest first.

    Args:
        folder: Folder of the checkpoints.
    """
    newest_first = sorted(_by_epoch(folder, ".index"), reverse=True)
    return [path.with_suffix("") for _, path in newest_first]


def epochs_of(checkpoint: Path) -> int:
    """Returns after how many epochs a checkpoint is, by its path without ending."""
    return int(checkpoint.name.removeprefix("epoch_"))


def _of_epoch(epoch: int) -> str:
    return f"epoch_{epoch:03d}"


def _by_epoch(folder: Path, suffix: str) -> Iterator[tuple[int, Path]]:
    for path in folder.glob(f"epoch_*{suffix}"):
        digits = re.fullmatch(r"epoch_([0-9]+)", path.stem)
        if digits:
            yield int(digits[1]), path
