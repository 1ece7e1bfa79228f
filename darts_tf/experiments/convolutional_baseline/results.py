"""The folder that a search of convolutional cells by trials leaves, read as data."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from darts_tf.errors import shortened
from darts_tf.experiments.by_trials.run import BaselineRun, read_baseline
from darts_tf.experiments.space_settings import registered_space
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.run_layout import CONFIG_FILE
from darts_tf.runs.run_config import damaged, read_config
from darts_tf.space.search_space import SearchSpace

CONFIG_FORMAT = "darts_tf.baseline"
COLUMNS = ("loss", "val_loss", "val_accuracy", "num_weights")
TABLE_COLUMNS = ("val_accuracy", "table_test", "table_rank")


@dataclass(frozen=True)
class ConvolutionalBaselineRun(BaselineRun):
    """What a search by trials has written so far; the most accurate one is the best.

    It has the attributes of `BaselineRun`.
    """

    SCORE = ("val_accuracy", max)


def columns_for(has_table: bool, scores: Sequence[str]) -> Sequence[str]:
    """Returns the columns of the metrics of a search.

    Args:
        has_table: Whether its cells are looked up in a table.
        scores: Names of the scores without training that its trials have.
    """
    return TABLE_COLUMNS if has_table else (*COLUMNS, *scores)


def read_baseline_run(run_folder: str | os.PathLike) -> ConvolutionalBaselineRun:
    """Reads the folder of a search by trials, finished or not.

    Args:
        run_folder: The folder, with at least one trial in it.

    Returns:
        The `ConvolutionalBaselineRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    settings = read_config(folder, CONFIG_FORMAT)["settings"]
    scores = settings.get("scores")
    if not isinstance(scores, list) or not all(isinstance(x, str) for x in scores):
        expected = '"scores", a list of names, in "settings"'
        raise damaged(folder / CONFIG_FILE, expected, shortened(scores))
    columns = columns_for(settings.get("table") is not None, scores)
    run = read_baseline(run_folder, CONFIG_FORMAT, columns, ImageGenotype, _space)
    return ConvolutionalBaselineRun(**run)


def _space(settings: Mapping[str, Any]) -> SearchSpace:
    named = registered_space(settings["space"])
    if named is None:
        raise ValueError(f"there is no space {settings['space']}")
    return named.search_space(settings["nodes"], tuple(settings["primitives"]))
