"""The folder that a search by trials leaves, read back as data."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from darts_tf.experiments.search_cost import SearchCost
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.run_layout import CONFIG_FILE, RESULTS_FILE, genotype_file
from darts_tf.runs import run_files
from darts_tf.runs.run_config import damaged, read_text
from darts_tf.space.search_space import SearchSpace

# What all have; `epoch` is the number of a trial.
FIRST_COLUMNS, LAST_COLUMNS = ("epoch", "step"), ("seconds", "peak_memory_gb")
UNIT = "trial"


@dataclass(frozen=True)
class BaselineRun(run_files.Run):
    """What a search by trials has written so far; a trial stands for an epoch.

    Attributes:
        space: The `SearchSpace`.
        genotypes: By the number of the trial.
    """

    UNIT = UNIT

    space: SearchSpace
    genotypes: Mapping[int, SavedGenotype]

    @property
    def best_trial(self) -> int:
        """Number of the best trial, the first of equals."""
        return int(self.metrics["epoch"][self.best_row])

    @property
    def best(self) -> SavedGenotype:
        """The genotype of the best trial."""
        return self.genotypes[self.best_trial]

    @property
    def cost(self) -> SearchCost:
        """What the trials have cost."""
        steps = int(self.metrics["step"][-1])
        return SearchCost(steps, steps, sum(self.metrics["seconds"]))

    @property
    def has_ended(self) -> bool:
        """Whether its budget was spent."""
        return (self.folder / RESULTS_FILE).exists()


def read_baseline(
    run_folder: str | os.PathLike,
    config_format: str,
    columns: Collection[str],
    genotype: type[SavedGenotype],
    make_space: Callable[[Mapping[str, Any]], SearchSpace],
) -> dict:
    """Reads the folder of a search by trials, finished or not.

    Args:
        run_folder: The folder, with at least one trial in it.
        config_format: The format that the configuration must name.
        columns: The columns that the metrics must have.
        genotype: The class of the genotypes.
        make_space: Function of the settings.

    Returns:
        The arguments of `BaselineRun`.

    Raises:
        RunFolderError: If a file is missing or damaged; the message names it.
    """
    folder = Path(run_folder)
    columns = (*FIRST_COLUMNS, *columns, *LAST_COLUMNS)
    run = run_files.read_run(folder, config_format, columns)
    try:
        space = make_space(run["settings"])
    except (ValueError, TypeError, LookupError) as error:
        expected = 'a search space in "settings"'
        raise damaged(folder / CONFIG_FILE, expected, f"an error: {error}") from error
    genotypes = {}
    for trial in map(int, run["metrics"]["epoch"]):
        path = folder / genotype_file(trial)
        genotypes[trial] = run_files.parse_genotype(genotype, path, read_text(path))
    return {**run, "space": space, "genotypes": genotypes}
