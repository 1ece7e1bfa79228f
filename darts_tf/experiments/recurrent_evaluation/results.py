"""The folder that a training of a language model leaves, read back as data."""

import os
from dataclasses import dataclass
from pathlib import Path

from darts_tf.errors import shortened
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.run_layout import RESULTS_FILE
from darts_tf.runs import run_files
from darts_tf.runs.metrics_table import columns_of_run
from darts_tf.runs.run_config import damaged, read_config, read_json
from darts_tf.zoo.registry import rows
from darts_tf.zoo.row import PENN_TREEBANK

CONFIG_FORMAT = "darts_tf.language_training"
COLUMNS = columns_of_run(
    "loss",
    "perplexity",
    "val_loss",
    "val_perplexity",
    "averaging",
    "recoveries",
)
_RESULTS = ("best_epoch", "val_perplexity", "test_perplexity")


@dataclass(frozen=True)
class LanguageRun(run_files.Run):
    """What a training has written so far, beside what every run writes.

    Attributes:
        genotype: The `RecurrentGenotype` of the cell; `None` for a network of the
            tables that has none.
        test_perplexity: Perplexity of the test text after the end, else `None`.
    """

    SCORE = ("val_loss", min)

    genotype: RecurrentGenotype | None
    test_perplexity: float | None


def read_language_run(run_folder: str | os.PathLike) -> LanguageRun:
    """Reads the folder of a training of a language model, finished or not.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The `LanguageRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    run = _read_training(folder)
    results = read_results(folder) if (folder / RESULTS_FILE).exists() else {}
    return LanguageRun(**run, test_perplexity=results.get("test_perplexity"))


def _read_training(folder):
    if _has_genotype(folder):
        return run_files.read_training(
            folder, CONFIG_FORMAT, COLUMNS, RecurrentGenotype
        )
    return {**run_files.read_run(folder, CONFIG_FORMAT, COLUMNS), "genotype": None}


def _has_genotype(folder):
    """Whether the network of a run has one, as all have that are of no row."""
    if not folder.is_dir():
        return True
    config = read_config(folder, CONFIG_FORMAT)
    # Of a damaged file it may be anything.
    name = config["settings"].get("genotype")
    names = [row.name for row in rows(PENN_TREEBANK)]
    return "genotype" in config or name not in names


def read_results(run_folder: str | os.PathLike) -> dict[str, float]:
    """Reads what a finished training has found.

    Args:
        run_folder: The folder.

    Returns:
        Dictionary of `best_epoch`, `val_perplexity` and `test_perplexity`.

    Raises:
        RunFolderError: If the file is missing or damaged; the message names it.
    """
    path = Path(run_folder) / RESULTS_FILE
    results = read_json(path)
    for name in _RESULTS:
        value = results.get(name) if isinstance(results, dict) else None
        if not isinstance(value, float | int):
            raise damaged(path, f'"{name}", a number', shortened(value))
    return {name: results[name] for name in _RESULTS}
