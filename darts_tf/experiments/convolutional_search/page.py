"""The page about a search of convolutional cells."""

import os
from pathlib import Path

from darts_tf.experiments import search_sections
from darts_tf.experiments.convolutional_search.results import SearchRun, read_run
from darts_tf.experiments.warning_signs import warning_signs
from darts_tf.report import curves, page

_TEXT_NOTE = (
    "The text counts the cell's two inputs as 0 and 1: its node 2 is node 0 of the "
    "drawing, its node 3 is node 1, and so on."
)


def write_search_report(run_folder: str | os.PathLike) -> Path:
    """Writes `report.html` into the folder of a search, finished or not.

    The page needs no other file and no network.

    Args:
        run_folder: The folder, with at least one epoch in it.

    Returns:
        The path of the page.

    Raises:
        RunFolderError: If a file of the folder is missing or damaged; a `ValueError`.
    """
    run = read_run(run_folder)
    accuracy = page.formatted(run.metrics["val_accuracy"][run.best_row], ".2%")
    reason, command = "the highest validation accuracy", retrain_command(run)
    return page.write_page(
        run,
        run.best_row,
        title=f"Architecture search on {page.data_name(run)}",
        summary=f"Order: {run.settings.get('order', 'unknown')}. {page.progress(run)} "
        f"Best validation accuracy {accuracy} after epoch "
        f"{page.epoch_of(run, run.best_row)}.",
        facts={"best validation accuracy": accuracy},
        sections={
            "Best cells": search_sections.best_cells(run, reason, _TEXT_NOTE, command),
            "Latest cells": search_sections.latest_cells(run),
            "Curves": _curves(run),
            "How alpha moved": _alpha(run),
        },
        warnings=warning_signs(run),
    )


def retrain_command(run: SearchRun) -> str:
    """Returns the shell command that trains the best cell of a search."""
    return search_sections.retrain_command(run, "eval_cifar", "cifar10")


def _curves(run):
    metrics = run.metrics
    num_primitives = len(run.settings["primitives"])
    figures = {
        "Accuracy": curves.accuracies(metrics),
        "Loss": curves.losses(metrics),
        "Entropy of alpha": curves.alpha_entropy(metrics, num_primitives),
        "Skip connections": curves.skip_connections(metrics),
        "Learning rate": curves.learning_rate(metrics),
        "Norm of the gradients": curves.gradient_norms(metrics),
    }
    return page.inline_figures(figures, "curve", grid=True)


def _alpha(run):
    maps, histories = search_sections.alpha(run)
    heat_maps = page.inline_figures(maps, "alpha", grid=True)
    return heat_maps + page.inline_figures(histories, "history")
