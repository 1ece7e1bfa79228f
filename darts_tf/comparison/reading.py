"""The folders of finished runs of any kind, read for a comparison."""

import math
import os
from collections.abc import Iterable
from pathlib import Path

from darts_tf.comparison.finished_baseline import FinishedBaseline
from darts_tf.comparison.finished_runs import FinishedSearch, FinishedTraining
from darts_tf.errors import SettingError, UserError, shortened
from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.by_trials.run import BaselineRun
from darts_tf.experiments.convolutional_evaluation.results import TrainingRun
from darts_tf.experiments.kinds import kind_of_run
from darts_tf.experiments.recurrent_evaluation.results import LanguageRun
from darts_tf.run_layout import CONFIG_FILE, RESULTS_FILE
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.run_config import damaged
from darts_tf.runs.run_files import Run
from darts_tf.settings import check_setting, settings_of


def read_runs(
    folders: Iterable[str | os.PathLike],
) -> tuple[list[FinishedSearch], list[FinishedTraining]]:
    """Reads the folders of runs.

    Args:
        folders: The folders, in any order.

    Returns:
        Tuple of the searches and the trainings, each in the order given.

    Raises:
        UserError: If a folder is given twice or holds no run, or one that has not
            ended, is damaged or has nothing to be compared.
    """
    searches, trainings, seen = [], [], set()
    for folder in map(Path, folders):
        if folder.resolve() in seen:
            raise UserError(f"{folder} is given twice; give each run once.")
        seen.add(folder.resolve())
        kind = kind_of_run(folder)
        run = kind.read(folder)
        _check_settings(kind, run)
        if isinstance(run, ArchitectureRun):
            searches.append(FinishedSearch(kind, run))
        elif isinstance(run, BaselineRun):
            searches.append(FinishedBaseline(kind, run))
        elif isinstance(run, TrainingRun | LanguageRun):
            trainings.append(FinishedTraining(kind, run))
        else:
            raise UserError(f"{folder} holds neither a search nor a training.")
        _check_ended(run)
    return searches, trainings


def _check_settings(kind: type[Experiment], run: Run) -> None:
    known = settings_of(kind.Config).items()
    for name, field in ((k, field) for k, field in known if k in run.settings):
        value = run.settings[name]
        try:
            check_setting(field, tuple(value) if isinstance(value, list) else value)
        except SettingError as error:
            expected = f'"{name}", {error.expected}, in "settings"'
            raise damaged(
                run.folder / CONFIG_FILE, expected, shortened(value)
            ) from error


def _check_ended(run: Run) -> None:
    if isinstance(run, BaselineRun) and not run.has_ended:
        raise UserError(
            f"{run.folder} has not ended, after {len(run.genotypes)} trials; the "
            "command that began it continues it."
        )
    done, epochs = run.metrics["epoch"][-1], run.settings.get("epochs", math.inf)
    if isinstance(run, LanguageRun):
        has_ended = run.test_perplexity is not None
    else:
        # A search may end before its last epoch, and a projection follows on it.
        projects = run.settings.get("projection", "none") != "none"
        has_results = (run.folder / RESULTS_FILE).exists()
        has_ended = has_results or (not projects and done >= epochs)
    if not has_ended:
        raise UserError(
            f"{run.folder} has not ended, after epoch {done:.0f} of {epochs}; the "
            "command that began it continues it."
        )
