"""Figures of the architecture parameters alpha."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from darts_tf.genotype.cell import Cell, Edge
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.report.cell_graph import INPUT_NAMES
from darts_tf.report.curves import INK, marker_of, new_figure, style_axes
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.primitive_colors import line_styles
from darts_tf.space import derivation, topology
from darts_tf.space.topology import NUM_CELL_INPUTS

_CHOSEN = "#d9730d"


@own_settings
def alpha_heat_map(
    alpha: np.ndarray,
    primitives: Sequence[str],
    title: str,
    cell: Cell | RecurrentGenotype | None = None,
    num_inputs: int = NUM_CELL_INPUTS,
) -> Figure:
    """Draws softmax(alpha) as a table: a row an edge, a column a primitive.

    Args:
        alpha: Shape `(edges, primitives)`, raw.
        primitives: Names of the primitives, one a column.
        title: Text above.
        cell: The cell derived from alpha, whose edges are then framed.
        num_inputs: Number of input states: 2 in a convolutional cell, 1 in a recurrent.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If alpha is not finite, or its shape does not fit.
    """
    num_nodes = _num_nodes(alpha, primitives, num_inputs)
    coefficients = derivation.softmax(alpha)
    rows, columns = coefficients.shape
    figure = new_figure(title, (1.3 + 0.62 * columns, 1.5 + 0.27 * rows))
    axes = figure.subplots()
    largest = max(coefficients.max(), 2 / columns)
    axes.imshow(coefficients, cmap="Blues", vmin=0, vmax=largest, aspect="auto")
    _write_values(axes, coefficients, largest)
    edges = [(n, source) for n in range(num_nodes) for source in range(n + num_inputs)]
    names = [_edge_name(*edge, num_inputs) for edge in edges]
    axes.set_xticks(range(columns), primitives, rotation=35, ha="right", fontsize=8.5)
    axes.set_yticks(range(rows), names, fontsize=8.5)
    axes.tick_params(length=0, colors=INK)
    axes.spines[:].set_visible(False)
    for row, (node, source) in enumerate(edges):
        if node and source == 0:
            axes.axhline(row - 0.5, color="white", linewidth=3)
    if cell is not None:
        _frame_edges(axes, cell, primitives, num_inputs)
        axes.set_xlabel("framed: the derived cell", fontsize=8.5, color=_CHOSEN)
    return figure


@own_settings
def alpha_history(
    alphas: Mapping[int, np.ndarray],
    primitives: Sequence[str],
    title: str,
    num_inputs: int = NUM_CELL_INPUTS,
) -> Figure:
    """Draws softmax(alpha) over the epochs, one small plot an edge.

    A row holds the edges into one node, a column those from one state.

    Args:
        alphas: Raw alpha, shape `(edges, primitives)`, by epoch; at least one.
        primitives: Names of the primitives, one a column.
        title: Text above.
        num_inputs: Number of input states, as in `alpha_heat_map`.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If alpha is not finite, or its shape does not fit.
    """
    epochs = sorted(alphas)
    for epoch in epochs:
        num_nodes = _num_nodes(alphas[epoch], primitives, num_inputs)
    history = np.stack([derivation.softmax(alphas[epoch]) for epoch in epochs])
    num_sources = num_nodes + num_inputs - 1
    size = (1.2 + 1.55 * num_sources, 1.3 + 1.15 * num_nodes)
    figure = new_figure(title, size)
    grid = figure.subplots(
        num_nodes, num_sources, sharex=True, sharey=True, squeeze=False
    )
    styles = line_styles(primitives)
    for node, source in np.ndindex(grid.shape):
        axes = grid[node, source]
        if source >= node + num_inputs:
            axes.set_axis_off()
            continue
        lines = history[:, topology.edge_index(node, source, num_inputs)].T
        _draw_small_plot(axes, epochs, lines, styles)
        name = _edge_name(node, source, num_inputs)
        axes.set_title(name, fontsize=9, color=INK, pad=3)
    grid[0, 0].set_ylim(0, 1.08 * history.max())
    _add_legend(figure, primitives, styles)
    return figure


def _num_nodes(alpha, primitives, num_inputs):
    """Returns the number of nodes of a cell with this alpha, which it validates."""
    return len(derivation.strongest_edges(alpha, primitives, 1, num_inputs))


def _edge_name(node, source, num_inputs):
    # Drawn cells count nodes from 0 where the inputs have names of their own.
    if num_inputs < NUM_CELL_INPUTS:
        return f"{node + num_inputs} ← {source}"
    return f"{node} ← {[*INPUT_NAMES, *range(node)][source]}"


def _write_values(axes, coefficients, largest):
    style = {"ha": "center", "va": "center", "fontsize": 8}
    for (row, column), value in np.ndenumerate(coefficients):
        color = "white" if value > 0.6 * largest else INK
        axes.text(column, row, f"{value:.2f}", color=color, **style)


def _frame_edges(axes, cell, primitives, num_inputs):
    for node, edges in enumerate(cell.nodes):
        for edge in (edges,) if isinstance(edges, Edge) else edges:
            column = list(primitives).index(edge.primitive)
            row = topology.edge_index(node, edge.source, num_inputs)
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


def _add_legend(figure, primitives, styles):
    handles = [
        Line2D([], [], lw=2, label=name, **style)
        for name, style in zip(primitives, styles)
    ]
    num_rows = math.ceil(len(handles) / 5)
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=math.ceil(len(handles) / num_rows),
        fontsize=8.5,
        frameon=False,
        labelcolor=INK,
    )
