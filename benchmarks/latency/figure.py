"""A figure and a table of predicted latencies beside measured ones."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from benchmarks.latency.log import Series
from darts_tf.costs.latency.accuracy import accuracy, fitted, left_out
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, LABELS, draw_grid, new_figure

# With fewer networks a line cannot be tried on those that it was not fitted to.
_FEWEST = 3
_HEADS = (
    "runtime",
    "latencies",
    "networks",
    "ms",
    "mean error",
    "Kendall's tau",
    "within 10 %",
    "scale",
    "offset, ms",
    "mean error with both",
    "within 10 % with both",
)


@own_settings
def latency_figure(found: Sequence[Series]) -> Figure:
    """Draws measured against predicted latencies.

    The line is fitted to those at the pace that the machine had for the table.

    Args:
        found: The networks of each runtime.
    """
    figure = new_figure("Latency of whole networks", (3.6 * len(found), 3.6))
    for axes, series in zip(np.atleast_1d(figure.subplots(1, len(found))), found):
        predicted, at_pace = series.predicted, series.at_pace
        for (name, latencies), fill in zip(_latencies(series), ("none", "full")):
            points = {"markersize": 3, "color": "#2563b8", "fillstyle": fill}
            axes.plot(predicted, latencies, "o", **points, label=name)
        ends = np.array([0, 1.05 * max(*predicted, *series.measured, *at_pace)])
        axes.plot(ends, ends, color=INK, linewidth=0.8, linestyle=":")
        if len(predicted) >= _FEWEST:
            line = fitted(predicted, at_pace)
            axes.plot(ends, line(ends), color="#d9730d", linewidth=1.2)
        axes.set_xlim(ends)
        axes.set_ylim(ends)
        axes.set_title(series.runtime, **LABELS)
        axes.set_xlabel("predicted, ms", **LABELS)
        axes.set_ylabel("measured, ms", **LABELS)
        axes.legend(fontsize="small", loc="lower right")
        draw_grid(axes)
    return figure


def latency_rows(found: Sequence[Series]) -> str:
    """Returns as Markdown how well the latencies of each runtime are predicted.

    Args:
        found: The networks of each runtime.
    """
    rows = [_row(series, *each) for series in found for each in _latencies(series)]
    rows = [_HEADS, ("---",) * len(_HEADS), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _latencies(series):
    """The two kinds of latencies of a runtime, with their names."""
    return ("as measured", series.measured), ("at the table's pace", series.at_pace)


def _row(series, name, latencies):
    predicted = series.predicted
    plain = accuracy(predicted, latencies)
    cells = (
        series.runtime,
        name,
        str(len(latencies)),
        f"{min(latencies):.3g} to {max(latencies):.3g}",
        f"{plain.mean_error:.1%}",
        f"{plain.rank_correlation:.3f}",
        f"{plain.near:.0%}",
    )
    if len(latencies) < _FEWEST:
        return (*cells, "", "", "", "")
    line = fitted(predicted, latencies)
    corrected = accuracy(left_out(predicted, latencies), latencies)
    return (
        *cells,
        f"{line.scale:.3f}",
        f"{line.offset:.3g}",
        f"{corrected.mean_error:.1%}",
        f"{corrected.near:.0%}",
    )
