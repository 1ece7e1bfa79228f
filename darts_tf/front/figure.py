"""The figure of a front: error against cost."""

from collections.abc import Sequence
from typing import Protocol

from matplotlib.figure import Figure

from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, new_figure

FOUND, RANDOM, PUBLISHED = "found", "random", "published"
_STYLES = {
    RANDOM: {"color": "#9aa3af", "s": 18, "label": "random cells"},
    PUBLISHED: {
        "facecolors": "none",
        "edgecolors": "#2563b8",
        "s": 34,
        "label": "published cells",
    },
    FOUND: {"color": "#d9730d", "s": 44, "label": "cells of the searches"},
}
_SIZE = (6.4, 4.2)


class Point(Protocol):
    """A genotype in the figure, such as a `FrontCell`."""

    kind: str
    label: str
    cost: float
    error: float


@own_settings
def front_figure(
    cells: Sequence[Point],
    unit: str,
    targets: Sequence[float],
    title: str = "Error and cost",
    error: str = "validation error in one search network (%)",
) -> Figure:
    """Draws the errors of genotypes against what their networks cost.

    Args:
        cells: The genotypes.
        unit: Unit of the costs.
        targets: The targets of the searches, in that unit.
        title: Text above.
        error: What the errors are, in words.
    """
    figure = new_figure(title, _SIZE)
    axes = figure.subplots()
    for target in targets:
        axes.axvline(target, color="#d9730d", lw=0.8, ls=":", zorder=0)
    for kind, style in _STYLES.items():
        own = [cell for cell in cells if cell.kind == kind]
        if not own:
            continue
        points = [(cell.cost, 100 * cell.error) for cell in own]
        axes.scatter(*zip(*points), zorder=2, **style)
        labels = [] if kind == RANDOM else [cell.label for cell in own]
        for label, point in zip(labels, points):
            axes.annotate(
                label,
                point,
                (4, 4),
                textcoords="offset points",
                fontsize=7,
                color=INK,
            )
    # Room for the names.
    axes.margins(x=0.1)
    axes.set_xlabel(unit, fontsize=9)
    axes.set_ylabel(error, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)
    return figure
