"""Tables of numbers in figures: a row an edge of a cell, a column an operation."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from darts_tf.report.cell_graph import state_names
from darts_tf.report.figure_style import INK
from darts_tf.space.cell_space import CellSpace

_CHOSEN = "#d9730d"


def edge_names(space: CellSpace) -> list[str]:
    """Returns what figures call the edges of a cell, in the order of alpha's rows."""
    names = state_names(space.kind, space.num_inputs, space.num_nodes)
    return [f"{names[n + space.num_inputs]} ← {names[s]}" for n, s in space.edges]


def table_size(space: CellSpace) -> tuple[float, float]:
    """Returns the width and height of a table in inches, without what is around it."""
    rows, columns = space.alpha_shape
    return columns * (0.62 if space.common_operations else 1.6), 0.27 * rows


def draw_edge_table(
    axes: Axes,
    space: CellSpace,
    values: np.ndarray,
    colors: str,
    bounds: tuple[float, float],
    digits: int = 2,
) -> None:
    """Draws values as a table, whose rows have no names yet.

    Where the operations differ from edge to edge, their names stand with the values.

    Args:
        axes: The axes.
        space: The space of the cell.
        values: Of the shape `space.alpha_shape`.
        colors: Name of a colour map.
        bounds: The values of its ends.
        digits: Digits of a value after the point.
    """
    names = space.common_operations
    least, most = bounds
    axes.imshow(values, cmap=colors, vmin=least, vmax=most, aspect="auto")
    for (row, column), value in np.ndenumerate(values):
        # `z` leaves the sign of a zero out.
        text = f"{value:z.{digits}f}"
        if names is None:
            text = f"{space.operations_of(row)[column]} {text}"
        color = "white" if abs(value) > 0.6 * most else INK
        style = {"ha": "center", "va": "center", "fontsize": 8, "color": color}
        axes.text(column, row, text, **style)
    columns = range(values.shape[1])
    labels = names or [""] * values.shape[1]
    axes.set_xticks(columns, labels, rotation=35, ha="right", fontsize=8.5)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)


def frame_values(axes: Axes, places: Iterable[tuple[int, int]], what: str) -> None:
    """Frames some values of a table.

    Args:
        axes: Those of `draw_edge_table`.
        places: Row and column of each value.
        what: What the label under the table calls them.
    """
    for row, column in places:
        frame = Rectangle((column - 0.46, row - 0.42), 0.92, 0.84, zorder=3)
        frame.set(fill=False, edgecolor=_CHOSEN, linewidth=1.8)
        axes.add_patch(frame)
    axes.set_xlabel(f"framed: {what}", fontsize=8.5, color=_CHOSEN)
