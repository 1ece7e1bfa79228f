"""The picture of what alpha says of the operations, and of what the network needs."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from darts_tf.report.alpha_figures import edge_names
from darts_tf.report.cell_drawing import cell_title
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, new_figure
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.coefficients import finite_array

_CHOSEN = "#d9730d"
_WORDS = {
    "accuracy": "accuracy lost without it (points)",
    "loss": "loss added without it (hundredths of a nat)",
}


@own_settings
def importance_maps(
    strengths: np.ndarray, lost: np.ndarray, space: CellSpace, measure: str
) -> Figure:
    """Draws two tables side by side: a row an edge, a column an operation.

    The largest value of each row is framed: what alpha prefers, and what the network
    misses most.

    Args:
        strengths: Those of the operations, of the shape `space.alpha_shape`.
        lost: What is lost without each of them, of the same shape.
        space: The space of the cell.
        measure: "accuracy", or "loss" in nats.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If they are not finite, or their shape does not fit.
    """
    strengths = finite_array("strengths", strengths, space.alpha_shape)
    lost = 100 * finite_array("lost", lost, space.alpha_shape)
    rows, columns = strengths.shape
    width = 0.62 if space.common_operations else 1.6
    size = (2.0 + 2 * width * columns, 1.9 + 0.27 * rows)
    figure = new_figure(f"{cell_title(space.kind)}: importance of operations", size)
    left, right = figure.subplots(1, 2, sharey=True)
    largest = max(np.abs(lost).max(), 1e-9)
    _draw_table(left, space, strengths, "strength by alpha", "Blues", 0, 2)
    _draw_table(right, space, lost, _WORDS[measure], "RdBu", -largest, 1)
    left.set_yticks(range(rows), edge_names(space), fontsize=8.5)
    right.tick_params(labelleft=False)
    return figure


def _draw_table(
    axes: Axes,
    space: CellSpace,
    values: np.ndarray,
    title: str,
    colors: str,
    least: float,
    digits: int,
) -> None:
    names = space.common_operations
    most = max(values.max(), -least, 1e-9)
    axes.imshow(values, cmap=colors, vmin=least, vmax=most, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        # Without the sign of a zero.
        text = f"{round(value, digits) + 0.0:.{digits}f}"
        if names is None:
            text = f"{space.operations_of(row)[column]} {text}"
        color = "white" if abs(value) > 0.6 * most else INK
        style = {"ha": "center", "va": "center", "fontsize": 8, "color": color}
        axes.text(column, row, text, **style)
        if column == values[row].argmax():
            frame = Rectangle((column - 0.46, row - 0.42), 0.92, 0.84, zorder=3)
            frame.set(fill=False, edgecolor=_CHOSEN, linewidth=1.8)
            axes.add_patch(frame)
    columns = range(values.shape[1])
    labels = names or [""] * values.shape[1]
    axes.set_xticks(columns, labels, rotation=35, ha="right", fontsize=8.5)
    axes.set_title(title, fontsize=9.5, color=INK)
    axes.set_xlabel("framed: the largest of an edge", fontsize=8.5, color=_CHOSEN)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
