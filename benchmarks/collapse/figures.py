"""Figures of the searches that show collapse."""

import statistics
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, SymmetricalLogLocator

from benchmarks.collapse.settings import COMPARED
from benchmarks.collapse.summary import Outcome, quantities_of
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import (
    INK,
    LABELS,
    draw_grid,
    legend_below,
    new_figure,
)

TITLES = {"nasbench201": "NAS-Bench-201", "s2": "S2"}
_COLORS = ("#2563b8", "#7a3fb8", "#23875a", "#d9730d", "#b8253f", "#6b7280")
_COLUMNS = 2
_MIDDLE_RANK = 7813
# Below, an axis of eigenvalues is linear.
_LINEAR = 1e-3


@own_settings
def collapse_figure(outcomes: Sequence[Outcome], space: str) -> Figure:
    """Draws medians and ranges over the searches of each method.

    Args:
        outcomes: Those in the space, with one search at least each.
        space: The space.
    """
    panels = quantities_of(outcomes, space)
    rows = -(-len(panels) // _COLUMNS)
    figure = new_figure(f"Searches on {TITLES[space]}", (9.6, 0.7 + 2.9 * rows))
    all_axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes, (column, quantity) in zip(all_axes, panels.items()):
        if column == "trained_error":
            _draw_ends(axes, outcomes, column)
        else:
            _draw_curves(axes, outcomes, column)
        axes.set_title(quantity.title, **LABELS)
        draw_grid(axes)
    for axes in all_axes[len(panels) :]:
        axes.set_axis_off()
    legend_below(figure, all_axes[0])
    return figure


def _draw_curves(axes, outcomes, column):
    for outcome in outcomes:
        by_step = outcome.by_step(column)
        color, style = _style(outcome)
        low, middle, high = (
            [of_step(values) for values in by_step.values()]
            for of_step in (min, statistics.median, max)
        )
        axes.fill_between([*by_step], low, high, color=color, alpha=0.1, lw=0)
        axes.plot([*by_step], middle, style, color=color, label=outcome.name, lw=1.6)
    axes.set_xlabel("steps of w", **LABELS)
    if column == "eigenvalue":
        # It may be negative.
        axes.set_yscale("symlog", linthresh=_LINEAR)
        locator = SymmetricalLogLocator(base=10, linthresh=_LINEAR, subs=(1, 2, 5))
        axes.yaxis.set_major_locator(locator)
        axes.yaxis.set_major_formatter("{x:g}")
    if column == "table_rank":
        axes.set_yscale("log")
        # The best on top; the line is where half of all cells are better.
        axes.axhline(_MIDDLE_RANK, color=INK, lw=0.8, ls=":")
        axes.invert_yaxis()
        axes.yaxis.set_major_formatter("{x:,.0f}")
    if column == "skips":
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_ends(axes, outcomes, column):
    """A dot for each search, and a line at their median."""
    for place, outcome in enumerate(outcomes):
        values = outcome.last(column)
        if values:
            (color, _), middle = _style(outcome), statistics.median(values)
            axes.plot([middle] * 2, [place - 0.3, place + 0.3], color=color, lw=1.6)
            axes.plot(values, [place] * len(values), "o", color=color, ms=4)
    axes.set_yticks(range(len(outcomes)), [outcome.name for outcome in outcomes])
    axes.set_ylim(len(outcomes) - 0.5, -0.5)


def _style(outcome):
    """Color and dashes of a method, the same whichever others there are."""
    place = COMPARED.index((outcome.method, outcome.order))
    # Where lines meet, what is below a dashed one shows.
    return _COLORS[place], ("-", "--")[place % 2]
