"""Figures of the coefficients that alpha stands for."""

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from darts_tf.genotype.cell import Cell
from darts_tf.report.edge_tables import (
    draw_edge_table,
    edge_names,
    frame_values,
    table_size,
)
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, marker_of, new_figure, style_axes
from darts_tf.report.primitive_colors import line_styles
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.coefficients import finite_array


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
    width, height = table_size(space)
    figure = new_figure(title, (1.3 + width, 1.5 + height))
    axes = figure.subplots()
    most = max(coefficients.max(), 2 / shape[1])
    draw_edge_table(axes, space, coefficients, "Blues", (0, most))
    axes.set_yticks(range(shape[0]), edge_names(space), fontsize=8.5)
    for row, (node, source) in enumerate(space.edges):
        if node and source == 0:
            axes.axhline(row - 0.5, color="white", linewidth=3)
    if cell is not None:
        frame_values(axes, _places(cell, space), "the derived cell")
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


def _places(cell, space):
    """Row and column of each edge of a cell."""
    for node, edges in enumerate(cell.nodes):
        for edge in edges:
            row = space.row(node, edge.source)
            yield row, space.operations_of(row).index(edge.primitive)


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
