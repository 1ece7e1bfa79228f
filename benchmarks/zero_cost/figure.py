"""A figure and a table of how scores without training rank the cells of a table."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from darts_tf.comparison.ranking import interval, rank_correlation
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import LABELS, draw_grid, new_figure

_COLORS = {"validation": "#2563b8", "test": "#d9730d"}
_COLUMNS = 3


class ScoredCells(NamedTuple):
    """Cells that were scored, and their accuracies in per cent.

    Attributes:
        name: The score.
        scores: Shape `(cells,)`.
        accuracies: Validation and test, shape `(2, cells)`.
    """

    name: str
    scores: np.ndarray
    accuracies: np.ndarray

    def correlations(self) -> dict[str, float]:
        """Returns Spearman's correlations with both accuracies."""
        return {
            name: rank_correlation(self.scores, accuracies)
            for name, accuracies in zip(_COLORS, self.accuracies)
        }


@own_settings
def zero_cost_figure(found: Sequence[ScoredCells], title: str) -> Figure:
    """Draws the test accuracies against the rank of each score, and the correlations.

    Args:
        found: The cells of each score.
        title: Text above.
    """
    rows = -(-(len(found) + 1) // _COLUMNS)
    figure = new_figure(title, (9.6, 3.2 * rows))
    panels = figure.subplots(rows, _COLUMNS).ravel()
    for axes, cells in zip(panels, found):
        # Equal scores lie upon each other. As shapes the points would be megabytes.
        _, places = np.unique(cells.scores, return_inverse=True)
        axes.scatter(
            places, cells.accuracies[1], s=4, alpha=0.25, lw=0, rasterized=True
        )
        axes.set_title(f"{cells.name}, {len(places):,} cells", **LABELS)
        axes.set_xlabel("rank of the score", **LABELS)
        axes.set_ylabel("test accuracy, per cent", **LABELS)
    _draw_correlations(panels[len(found)], found)
    for axes in panels:
        draw_grid(axes)
    for axes in panels[len(found) + 1 :]:
        axes.remove()
    return figure


def _draw_correlations(axes, found):
    for shift, (of, color) in zip((-0.12, 0.12), _COLORS.items()):
        for place, cells in enumerate(found):
            value = cells.correlations()[of]
            low, high = interval(value, len(cells.scores)) or (value, value)
            style = {"color": color, "label": of if place == 0 else None}
            axes.plot([low, high], [place + shift] * 2, linewidth=1.6, **style)
            axes.plot(value, place + shift, "o", markersize=4, color=color)
    axes.set_yticks(range(len(found)), [cells.name for cells in found])
    axes.invert_yaxis()
    axes.set_title("Spearman's correlation, 95 % interval", **LABELS)
    axes.legend(fontsize=8, frameon=False)


def zero_cost_table(found: Sequence[ScoredCells]) -> str:
    """Returns the correlations as Markdown, that with the test accuracy highest first.

    Args:
        found: The cells of each score.
    """
    ranked = sorted(found, key=lambda cells: -cells.correlations()["test"])
    lines = ["| score | cells | validation | test |", "| --- | --- | --- | --- |"]
    for cells in ranked:
        count = len(cells.scores)
        texts = [_with_interval(x, count) for x in cells.correlations().values()]
        lines.append(f"| {' | '.join((cells.name, f'{count:,}', *texts))} |")
    return "\n".join(lines)


def _with_interval(value, count):
    bounds = interval(value, count)
    return f"{value:.3f}" + (f" ({bounds[0]:.3f} to {bounds[1]:.3f})" if bounds else "")
