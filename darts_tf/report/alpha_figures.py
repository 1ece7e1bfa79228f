"""Figures of the coefficients that alpha stands for."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from darts_tf.genotype.cell import Cell
from darts_tf.report.cell_graph import state_names
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, marker_of, new_figure, style_axes
from darts_tf.report.primitive_colors import line_styles
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.coefficients import finite_array

_CHOSEN = "#d9730d"


@own_settings
def alpha_heat_map(
    coefficients: np.ndarray, space: CellSpace, title: str, cell: Cell | None = None
) -> Figure:
    """Draws coefficients as a table: a row an edge, a column an operation.

    Where the operations differ from edge to edge, their names stand with the values.

    Args:
        coefficients: Those of the operations, for instance the softmax of alpha, of the
            shape `space.alpha_shape`.
        space: The space of the cell.
        title: Text above.
        cell: The cell derived from them, whose edges are then framed.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If they are not finite, or their shape does not fit.
    """
    shape = space.alpha_shape
    coefficients = finite_array("coefficients", coefficients, shape)
    rows, columns = coefficients.shape
    names = space.common_operations
    width = 0.62 if names else 1.6
    figure = new_figure(title, (1.3 + width * columns, 1.5 + 0.27 * rows))
    axes = figure.subplots()
    largest = max(coefficients.max(), 2 / columns)
    axes.imshow(coefficients, cmap="Blues", vmin=0, vmax=largest, aspect="auto")
    _write_values(axes, space, coefficients, largest)
    axes.set_xticks(
        range(columns), names or [""] * columns, rotation=35, ha="right", fontsize=8.5
    )
    axes.set_yticks(range(rows), edge_names(space), fontsize=8.5)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
    for row, (node, source) in enumerate(space.edges):
        if node and source == 0:
            axes.axhline(row - 0.5, color="white", linewidth=3)
    if cell is not None:
        _frame_edges(axes, cell, space)
        axes.set_xlabel("framed: the derived cell", fontsize=8.5, color=_CHOSEN)
    return figure


@own_settings
def alpha_history(
    coefficients: Mapping[int, np.ndarray], space: CellSpace, title: str
) -> Figure:
    """Draws coefficients over the epochs, one small plot an edge.

    A row holds the edges into one node, a column those from one state.

    Args:
        coefficients: As of `alpha_heat_map`, by epoch; at least one.
        space: The space of the cell.
        title: Text above.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If they are not finite, or their shape does not fit.
    """
    epochs = sorted(coefficients)
    shape, num_nodes = space.alpha_shape, space.num_nodes
    history = np.stack(
        [finite_array("coefficients", coefficients[e], shape) for e in epochs]
    )
    num_sources = len(space.sources(num_nodes - 1))
    size = (1.2 + 1.55 * num_sources, 1.3 + 1.15 * num_nodes)
    figure = new_figure(title, size)
    grid = figure.subplots(
        num_nodes, num_sources, sharex=True, sharey=True, squeeze=False
    )
    names = space.all_operations
    styles = dict(zip(names, line_styles(names)))
    names_of_edges = edge_names(space)
    for node, source in np.ndindex(grid.shape):
        axes = grid[node, source]
        if source not in space.sources(node):
            axes.set_axis_off()
            continue
        row = space.row(node, source)
        of_edge = [styles[name] for name in space.operations_of(row)]
        _draw_small_plot(axes, epochs, history[:, row].T, of_edge)
        axes.set_title(names_of_edges[row], fontsize=9, color=INK, pad=3)
    grid[0, 0].set_ylim(0, 1.08 * history.max())
    _add_legend(figure, styles)
    return figure


def edge_names(space: CellSpace) -> list[str]:
    """Returns what figures call the edges of a cell, in the order of alpha's rows."""
    names = state_names(space.kind, space.num_inputs, space.num_nodes)
    return [f"{names[n + space.num_inputs]} ← {names[s]}" for n, s in space.edges]


def _write_values(axes, space, coefficients, largest):
    style = {"ha": "center", "va": "center", "fontsize": 8}
    for (row, column), value in np.ndenumerate(coefficients):
        color = "white" if value > 0.6 * largest else INK
        text = f"{value:.2f}"
        if space.common_operations is None:
            text = f"{space.operations_of(row)[column]} {text}"
        axes.text(column, row, text, color=color, **style)


def _frame_edges(axes, cell, space):
    for node, edges in enumerate(cell.nodes):
        for edge in edges:
            row = space.row(node, edge.source)
            column = space.operations_of(row).index(edge.primitive)
            frame = Rectangle((column - 0.46, row - 0.42), 0.92, 0.84, zorder=3)
            frame.set(fill=False, edgecolor=_CHOSEN, linewidth=1.8)
            axes.add_patch(frame)


def _draw_small_plot(axes, epochs, lines, styles):
    marker = marker_of(epochs)
    for line, style in zip(lines, styles):
        axes.plot(epochs, line, marker=marker, markersize=2.5, lw=1.3, **style)
    style_axes(axes, epochs, num_ticks=3)
    axes.tick_params(labelsize=7, length=2)
    axes.locator_params(axis="y", nbins=3)


def _add_legend(figure, styles):
    handles = [Line2D([], [], lw=2, label=n, **style) for n, style in styles.items()]
    num_rows = math.ceil(len(handles) / 5)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=math.ceil(len(handles) / num_rows),
        fontsize=8.5,
        frameon=False,
        labelcolor=INK,
    )
