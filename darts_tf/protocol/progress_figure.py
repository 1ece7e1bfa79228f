"""The figure of the progress of searches (arXiv 1806.09055, figure 3)."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from darts_tf.comparison.figures import COLORS, SOFT, style_axes
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import new_figure

_DASHES = ("--", "-.", ":")


def best_so_far(
    searches: Sequence[Mapping[int, float]],
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the best validation so far of each search.

    Args:
        searches: For each search the validation by the epoch that the cells are of,
            counted from 1; it may have ended before others.

    Returns:
        Tuple of the epochs, shape `(epochs,)`, and of the best so far of each search,
        shape `(searches, epochs)`, infinite before its first epoch.
    """
    epochs = np.unique([epoch for search in searches for epoch in search])
    values = [[search.get(epoch, np.inf) for epoch in epochs] for search in searches]
    return epochs, np.minimum.accumulate(values, axis=1)


@own_settings
def progress_figure(
    title: str,
    searches: Sequence[Mapping[int, float]],
    lines: Mapping[str, float],
    is_text: bool,
) -> Figure:
    """Draws the best brief training so far of each search, and their median.

    Args:
        title: Text above.
        searches: See `best_so_far`.
        lines: Validation of published cells, trained in the same way, by name.
        is_text: Whether the validation is a perplexity.
    """
    figure = new_figure(title, (7.2, 3.9))
    axes = figure.subplots()
    epochs, values = best_so_far(searches)
    # The marks show where the last step has led to.
    style = {"drawstyle": "steps-post", "marker": "o", "ms": 3.5}
    for row in values:
        axes.plot(epochs, row, color=COLORS[0], lw=1.0, alpha=0.45, **style)
    label = f"median of {len(values)} searches"
    median = np.median(values, axis=0)
    axes.plot(epochs, median, color=COLORS[1], lw=2.0, label=label, **style)
    for number, (name, value) in enumerate(lines.items()):
        dash = _DASHES[number % len(_DASHES)]
        color = COLORS[2 + number % (len(COLORS) - 2)]
        axes.axhline(value, color=color, lw=1.3, linestyle=dash, label=name)
    style_axes(axes)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("epoch of the search", color=SOFT, fontsize=9)
    what = "perplexity" if is_text else "error (%)"
    axes.set_ylabel(f"best validation {what} so far", color=SOFT, fontsize=9)
    axes.legend(fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none")
    return figure
