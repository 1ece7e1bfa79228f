"""The page about a search by trials, of whatever cells."""

from pathlib import Path

import numpy as np

from darts_tf.experiments.by_trials.run import UNIT, BaselineRun
from darts_tf.experiments.search_page import SearchWords, command_of_epoch
from darts_tf.report import page
from darts_tf.report.cell_drawing import draw_genotype
from darts_tf.report.trial_curves import scores_of_trials

_SECONDS_PER_HOUR = 3600


def write_baseline_page(run: BaselineRun, words: SearchWords) -> Path:
    """Writes the page into the folder of a search; it needs no other file.

    Args:
        run: The search, finished or not.
        words: The words of its kind.

    Returns:
        The path of the page.
    """
    best, settings = run.best_trial, run.settings
    score = page.formatted(run.metrics[words.column][run.best_row], words.form)
    state = "done" if run.has_ended else "so far"
    trials = len(run.metrics["epoch"])
    return page.write_page(
        run,
        title=f"{words.title} {page.data_name(run)}",
        summary=f"By trials: {settings.get('method', 'unknown')}, settings "
        f"{settings.get('configuration', 'unknown')}, seed "
        f"{settings.get('seed', 'unknown')}. {trials} trials {state}. Best "
        f"{words.score} {score} in {UNIT} {best}.",
        facts={
            f"best {words.score}": score,
            f"best {UNIT}": best,
            "steps of the weights": f"{run.cost.steps:,}",
            "device hours": f"{run.cost.device_seconds / _SECONDS_PER_HOUR:.3g}",
        },
        sections={
            f"Best {words.cells}": _best_cells(run, words),
            "Curves": _curves(run, words),
        },
    )


def _best_cells(run, words):
    when = f"{UNIT} {run.best_trial}"
    command = command_of_epoch(run, words, run.best_trial)
    return "\n".join(
        (
            f"<p>Of {when}, {words.reason}.</p>",
            page.inline_figures(draw_genotype(run.best, when), "best"),
            "<h3>The genotype as text</h3>",
            f'<p class="soft">{words.note}</p>',
            page.preformatted(run.best),
            "<p>It is trained by</p>",
            page.preformatted(command, wrap=True),
        )
    )


def _curves(run, words):
    metrics, (_, best) = run.metrics, run.SCORE
    hours = np.cumsum(metrics["seconds"]) / _SECONDS_PER_HOUR
    places = {UNIT: metrics["epoch"]}
    if run.cost.steps:
        places |= {"steps of the weights": metrics["step"], "device hours": hours}
    figures = {
        f"Best so far against {name}": scores_of_trials(
            f"Best so far against {name}",
            metrics[words.column],
            values,
            best,
            (name, words.score),
        )
        for name, values in places.items()
    }
    return page.inline_figures(figures, "curve", grid=True)
