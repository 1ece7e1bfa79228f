"""Figures of the cost of a search step against batch size and network sizes."""

import statistics

from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import GRID, INK, new_figure

_TITLES = {
    "batch_size": "images or streams in a batch",
    "init_channels": "channels of the first cells",
    "layers": "cells",
    "nodes": "nodes of a cell",
    "image_size": "height and width, pixels",
    "units": "units of the hidden state",
    "vocabulary": "words of the vocabulary",
    "length": "words of a stream",
}
_TIME, _MEMORY = "#2563b8", "#d9730d"


@own_settings
def sweep_figure(sweeps):
    """Draws seconds of a step, with their spread, and memory: a panel for each size.

    Args:
        sweeps: Dictionary from the name of a size to a dictionary from its values to
            lists of results, one for each repetition.

    Returns:
        `matplotlib.figure.Figure`.
    """
    size = (3.6 * len(sweeps) + 0.6, 3.1)
    figure = new_figure("Cost of a first-order search step", size)
    for axes, (name, results) in zip(
        figure.subplots(1, len(sweeps), squeeze=False)[0], sweeps.items()
    ):
        steps = [
            [statistics.median(result["step"]) for result in repetitions]
            for repetitions in results.values()
        ]
        memory = [
            statistics.median(result["peak_memory"] for result in repetitions)
            for repetitions in results.values()
        ]
        medians = [statistics.median(seconds) for seconds in steps]
        below = [m - min(seconds) for m, seconds in zip(medians, steps)]
        above = [max(seconds) - m for m, seconds in zip(medians, steps)]
        _draw(axes, results, medians, _TIME, "step, s", yerr=[below, above])
        _draw(axes.twinx(), results, memory, _MEMORY, "peak memory, GB", linestyle="--")
        axes.grid(color=GRID, linewidth=0.8)
        axes.set_xlabel(_TITLES[name], color=INK, fontsize=9)
        axes.set_xticks(list(results))
    return figure


def _draw(axes, values, heights, color, label, **style):
    axes.errorbar(list(values), heights, color=color, marker="o", markersize=4, **style)
    axes.set_ylim(0, 1.1 * max(heights))
    axes.set_ylabel(label, color=color, fontsize=9)
    axes.tick_params(labelsize=9)
    axes.spines["top"].set_visible(False)
