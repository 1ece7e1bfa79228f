"""The folder that a search of a recurrent cell by trials leaves, read as data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darts_tf.experiments.by_trials.run import BaselineRun, read_baseline
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.space.search_space import SearchSpace, recurrent_space

CONFIG_FORMAT = "darts_tf.recurrent_baseline"
COLUMNS = ("val_loss", "val_perplexity", "num_weights")


@dataclass(frozen=True)
class RecurrentBaselineRun(BaselineRun):
    """What a search by trials has written so far; the lowest perplexity is the best.

    It has the attributes of `BaselineRun`.
    """

    SCORE = ("val_loss", min)


def read_recurrent_baseline_run(run_folder: str | os.PathLike) -> RecurrentBaselineRun:
    """Reads the folder of a search by trials, finished or not.

    Args:
        run_folder: The folder, with at least one trial in it.

    Returns:
        The `RecurrentBaselineRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    run = read_baseline(run_folder, CONFIG_FORMAT, COLUMNS, RecurrentGenotype, _space)
    return RecurrentBaselineRun(**run)


def _space(settings: Mapping[str, Any]) -> SearchSpace:
    return recurrent_space(tuple(settings["activations"]), settings["nodes"])
