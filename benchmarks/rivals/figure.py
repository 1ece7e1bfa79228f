"""A figure and a table of what the strategies found on a table of all cells."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks.rivals.searches import Curves
from benchmarks.rivals.settings import Rival
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import (
    INK,
    LABELS,
    draw_grid,
    legend_below,
    new_figure,
)

_COLORS = ("#2563b8", "#23875a", "#7a3fb8", "#6b7280", "#d9730d", "#b8253f")
_STYLES = ("-", "--", ":")
_QUARTILES = (25, 50, 75)
# Before so many evaluations all lie far lower, which would press the rest together.
_FIRST = 50
# Of a line.
_POINTS = 80
_HEADS = (
    "strategy",
    "settings",
    "validation, per cent",
    "regret",
    "found the best",
    "test, per cent",
    "seconds of a search",
)


@own_settings
def rival_figure(found: Mapping[Rival, Curves], best: float, dataset: str) -> Figure:
    """Draws medians and quartiles over the searches against evaluations.

    Args:
        found: The curves of each rival.
        best: Highest validation accuracy of all cells.
        dataset: What the accuracies are of.
    """
    figure = new_figure(f"Strategies on NAS-Bench-201, {dataset}", (9.6, 4.2))
    panels = figure.subplots(1, 2)
    colors = dict(zip(dict.fromkeys(rival.strategy for rival in found), _COLORS))
    drawn = dict.fromkeys(colors, 0)
    for rival, curves in found.items():
        style = {
            "color": colors[rival.strategy],
            "linestyle": _STYLES[drawn[rival.strategy] % len(_STYLES)],
        }
        drawn[rival.strategy] += 1
        for axes, values in zip(panels, (curves.valid, curves.test)):
            _draw(axes, values, label=str(rival), **style)
    panels[0].axhline(best, color=INK, linewidth=0.8, linestyle=":")
    titles = ("best validation accuracy so far", "test accuracy of that cell")
    for axes, title in zip(panels, titles):
        axes.set_title(f"{title}, per cent", **LABELS)
        axes.set_xlabel("evaluations", **LABELS)
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter("{x:g}")
        draw_grid(axes)
    legend_below(figure, panels[0])
    return figure


def _draw(axes, values, color, **style):
    first = min(_FIRST, values.shape[1] - 1)
    evaluations = np.geomspace(first, values.shape[1], _POINTS).round().astype(int)
    evaluations = np.unique(evaluations)
    low, middle, high = np.percentile(values[:, evaluations - 1], _QUARTILES, axis=0)
    axes.fill_between(evaluations, low, high, color=color, alpha=0.1, linewidth=0)
    axes.plot(evaluations, middle, color=color, linewidth=1.6, **style)


def rival_table(found: Mapping[Rival, Curves], best: float) -> str:
    """Returns as Markdown what each rival found in the end, the best first.

    Args:
        found: The curves of each rival.
        best: Highest validation accuracy of all cells.
    """
    ranked = sorted(found, key=lambda x: -np.mean(found[x].valid[:, -1]))
    rows = [_HEADS, ("---",) * len(_HEADS)]
    for rival in ranked:
        curves = found[rival]
        last = curves.valid[:, -1]
        rows.append(
            (
                rival.strategy,
                rival.configuration,
                _spread(last),
                _spread(best - last),
                f"{np.mean(last == best):.0%}",
                _spread(curves.test[:, -1]),
                f"{curves.seconds:.2f}",
            )
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _spread(values):
    low, middle, high = np.percentile(values, _QUARTILES)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"
