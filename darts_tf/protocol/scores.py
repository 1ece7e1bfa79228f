"""What parts say of their cells on images and texts that are no test."""

import math
from pathlib import Path

from darts_tf.experiments.kinds import read_run
from darts_tf.run_layout import RESULTS_FILE
from darts_tf.runs.run_config import damaged, read_json
from darts_tf.runs.run_files import Run

_RECOMMENDED = "recommended_epoch"


def validation_score(folder: Path) -> float:
    """Returns the score by which a choice is made; the less, the better.

    Of a search it is the validation loss of the epoch that it recommends, where it has
    one, else the error in percent. Of a training it is the error after its last epoch;
    of one on a text the validation perplexity of the weights that it keeps.

    Args:
        folder: The folder of a run that has ended.

    Raises:
        UserError: If it is damaged.
    """
    run = read_run(folder)
    if is_search(run) and "val_loss" in run.metrics:
        return _finite(run.metrics["val_loss"][_row(run)])
    return validation_error(run)


def validation_error(run: Run) -> float:
    """Returns the validation error in percent, or the perplexity of the text.

    Args:
        run: A run that has ended. Of a search the epoch counts that it recommends, of
            a training on images the last one, on a text the best one.
    """
    metrics = run.metrics
    if "val_perplexity" in metrics:
        row = _row(run) if is_search(run) else run.best_row
        return _finite(metrics["val_perplexity"][row])
    row = _row(run) if is_search(run) else -1
    return _finite(100 * (1 - metrics["val_accuracy"][row]))


def is_search(run: Run) -> bool:
    """Whether a run has found cells, which it recommends."""
    path = run.folder / RESULTS_FILE
    return path.exists() and _RECOMMENDED in read_json(path)


def _row(run: Run) -> int:
    """Row of the metrics of the epoch that a search recommends."""
    epoch = read_json(run.folder / RESULTS_FILE)[_RECOMMENDED]
    try:
        return run.metrics["epoch"].index(epoch)
    except ValueError as error:
        expected = f'"{_RECOMMENDED}", an epoch of the metrics'
        raise damaged(run.folder / RESULTS_FILE, expected, epoch) from error


def _finite(score: float) -> float:
    """Puts what was not measured behind all else."""
    return math.inf if math.isnan(score) else score
