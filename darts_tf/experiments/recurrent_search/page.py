"""The page about a search of recurrent cells."""

import os
from pathlib import Path

from darts_tf.experiments import search_sections
from darts_tf.experiments.recurrent_search.results import (
    RecurrentSearchRun,
    read_recurrent_run,
)
from darts_tf.experiments.warning_signs import warning_signs
from darts_tf.report import curves, page

_TEXT_NOTE = (
    "Node 0 is made of the input and the previous hidden state. Each other node reads "
    "one node before it, by the activation on its edge and with a gate of its own; "
    "the mean of the nodes is the next hidden state and the output."
)


def write_recurrent_search_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a recurrent search, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_recurrent_run(run_folder)
    perplexity = page.formatted(run.metrics["val_perplexity"][run.best_row], ".2f")
    reason, command = "the lowest validation perplexity", retrain_recurrent_command(run)
    return page.write_page(
        run,
        run.best_row,
        title=f"Search of a recurrent cell on {page.data_name(run)}",
        summary=f"Order: {run.settings.get('order', 'unknown')}. {page.progress(run)} "
        f"Best validation perplexity {perplexity} after epoch "
        f"{page.epoch_of(run, run.best_row)}.",
        facts={"best validation perplexity": perplexity},
        sections={
            "Best cell": search_sections.best_cells(run, reason, _TEXT_NOTE, command),
            "Latest cell": search_sections.latest_cells(run),
            "Curves": _curves(run),
            "How alpha moved": _alpha(run),
        },
        warnings=warning_signs(run),
    )


def retrain_recurrent_command(run: RecurrentSearchRun) -> str:
    """Returns the shell command that trains the best cell of a search."""
    return search_sections.retrain_command(run, "eval_ptb", "ptb")


def _curves(run):
    metrics = run.metrics
    num_activations = len(run.settings["activations"])
    figures = {
        "Perplexity": curves.perplexities(metrics),
        "Loss": curves.losses(metrics),
        "Entropy of alpha": curves.alpha_entropy(metrics, num_activations),
        "Norm of the gradients": curves.gradient_norms(metrics),
        "Learning rate": curves.learning_rate(metrics),
    }
    return page.inline_figures(figures, "curve", grid=True)


def _alpha(run):
    heat_map, history = search_sections.alpha(run)
    return page.inline_figures(heat_map | history, "alpha")
