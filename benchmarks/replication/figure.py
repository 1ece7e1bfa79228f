"""The figure of the small replication."""

import itertools
import math
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from benchmarks.replication.items import EVOLUTION, FIRST, PC_DARTS, RANDOM, SECOND
from benchmarks.replication.settings import IMAGES, TEXTS
from benchmarks.replication.summary import Estimate, Outcome
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, LABELS, draw_grid, new_figure

_COLORS = {
    SECOND: "#2563b8",
    FIRST: "#7a3fb8",
    PC_DARTS: "#23875a",
    RANDOM: "#6b7280",
    EVOLUTION: "#d9730d",
}
_ERRORS = {IMAGES: "test error, per cent", TEXTS: "test perplexity"}


@own_settings
def replication_figure(found: Mapping[str, Sequence[Outcome]]) -> Figure:
    """Draws test errors, what is better than random, and what the searches cost.

    Args:
        found: What the methods came to on images, on a text or on both, each with one
            method at least.
    """
    size = (10.5, 0.6 + 2.7 * len(found))
    figure = new_figure("Search methods with one budget of steps", size)
    panels = figure.subplots(len(found), 3, squeeze=False)
    for (kind, outcomes), (errors, improvements, costs) in zip(found.items(), panels):
        _draw_estimates(errors, outcomes, lambda x: x.means)
        for place, outcome in enumerate(outcomes):
            values = [*itertools.chain(*outcome.errors.values())]
            dots = {"s": 9, "alpha": 0.5, "lw": 0, "color": _COLORS[outcome.method]}
            errors.scatter(values, [place + 0.22] * len(values), **dots)
        _draw_estimates(improvements, outcomes, lambda x: x.improvements)
        improvements.axvline(0, color=INK, lw=0.8)
        improvements.tick_params(labelleft=False)
        _draw_costs(costs, outcomes, kind)
        errors.set_title(f"{kind}: {_ERRORS[kind]}", **LABELS)
        improvements.set_title("better than random, per cent", **LABELS)
    for axes in panels.ravel():
        draw_grid(axes)
    return figure


def _draw_estimates(axes, outcomes, values_of):
    """A line for each method: mean and interval of a value of each seed."""
    for place, outcome in enumerate(outcomes):
        values = [*values_of(outcome).values()]
        if not values:
            continue
        mean, low, high = Estimate.of(values)
        color = _COLORS[outcome.method]
        if not math.isnan(low):
            axes.plot([low, high], [place] * 2, color=color, lw=1.6)
        axes.plot(mean, place, "o", color=color, ms=5)
    axes.set_yticks(range(len(outcomes)), [x.method for x in outcomes])
    axes.set_ylim(len(outcomes) - 0.5, -0.5)


def _draw_costs(axes, outcomes, kind):
    for outcome in outcomes:
        mean = Estimate.of([*outcome.means.values()]).mean
        place = outcome.mean_of("device_seconds"), mean
        style = {"color": _COLORS[outcome.method], "label": outcome.method}
        axes.plot(*place, "o", ms=5, **style)
    axes.margins(0.1)
    axes.set_xlim(left=0)
    axes.set_xlabel("device seconds of a search", **LABELS)
    axes.set_title(_ERRORS[kind], **LABELS)
    axes.legend(fontsize=7, frameon=False)
