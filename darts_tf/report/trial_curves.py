"""Figures of a search by trials: what each came to, and the best so far."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from darts_tf.report.curves import TRAIN, VALID
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import GRID, new_figure

_SOFT = "#4a5260"


@own_settings
def scores_of_trials(
    title: str,
    scores: Sequence[float],
    places: Sequence[float],
    best: Callable,
    labels: tuple[str, str],
) -> Figure:
    """Draws the score of each trial as a dot, and the best so far as a line.

    Args:
        title: Text above.
        scores: Of each trial, in their order; NaN where there is none.
        places: Where each trial stands: its number, or what had been spent with it.
        best: `max` or `min`.
        labels: What the places are, and the scores.
    """
    figure = new_figure(title)
    axes = figure.subplots()
    worst = -np.inf if best is max else np.inf
    known = np.nan_to_num(np.asarray(scores, float), nan=worst)
    accumulate = np.maximum if best is max else np.minimum
    so_far = accumulate.accumulate(known)
    dots = {"color": TRAIN["color"], "alpha": 0.45, "label": "a trial"}
    axes.plot(places, scores, ".", ms=5, **dots)
    line = {"color": VALID["color"], "lw": 1.8, "label": "best so far"}
    is_known = np.isfinite(so_far)
    axes.plot(
        np.asarray(places)[is_known],
        so_far[is_known],
        drawstyle="steps-post",
        **line,
    )
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_SOFT, labelsize=9)
    if all(float(place).is_integer() for place in places):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(labels[0], color=_SOFT, fontsize=9)
    axes.set_ylabel(labels[1], color=_SOFT, fontsize=9)
    axes.legend(fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none")
    return figure
