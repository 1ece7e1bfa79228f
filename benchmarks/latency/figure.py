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
    "networks",
    "measured, ms",
    "mean error",
    "the same at the reference's pace",
    "Kendall's tau",
    "within 10 %",
    "scale",
    "offset, ms",
    "mean error with both",
    "within 10 % with both",
)


@own_settings
def latency_figure(found: Sequence[Series]) -> Figure:
    """Draws measured against predicted latencies, and the fitted line.

    Args:
        found: The networks of each runtime.
    """
    figure = new_figure("Latency of whole networks", (3.6 * len(found), 3.6))
    for axes, series in zip(np.atleast_1d(figure.subplots(1, len(found))), found):
        axes.plot(series.predicted, series.measured, "o", markersize=3, color="#2563b8")
        ends = np.array([0, 1.05 * max(*series.predicted, *series.measured)])
        axes.plot(ends, ends, color=INK, linewidth=0.8, linestyle=":")
        if len(series.predicted) >= _FEWEST:
            line = fitted(series.predicted, series.measured)
            axes.plot(ends, line(ends), color="#d9730d", linewidth=1.2)
        axes.set_xlim(ends)
        axes.set_ylim(ends)
        axes.set_title(series.runtime, **LABELS)
        axes.set_xlabel("predicted, ms", **LABELS)
        axes.set_ylabel("measured, ms", **LABELS)
        draw_grid(axes)
    return figure


def latency_rows(found: Sequence[Series]) -> str:
    """Returns as Markdown how well the latencies of each runtime are predicted.

    Args:
        found: The networks of each runtime.
    """
    rows = [_HEADS, ("---",) * len(_HEADS), *map(_row, found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(series):
    predicted, measured = series.predicted, series.measured
    plain = accuracy(predicted, measured)
    cells = (
        series.runtime,
        str(len(measured)),
        f"{min(measured):.3g} to {max(measured):.3g}",
        f"{plain.mean_error:.1%}",
        f"{accuracy(predicted, series.beside_reference).mean_error:.1%}",
        f"{plain.rank_correlation:.3f}",
        f"{plain.near:.0%}",
    )
    if len(measured) < _FEWEST:
        return (*cells, "", "", "", "")
    line = fitted(predicted, measured)
    corrected = accuracy(left_out(predicted, measured), measured)
    return (
        *cells,
        f"{line.scale:.3f}",
        f"{line.offset:.3g}",
        f"{corrected.mean_error:.1%}",
        f"{corrected.near:.0%}",
    )
