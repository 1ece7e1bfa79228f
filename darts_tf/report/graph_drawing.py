"""Drawings of graphs of cells from left to right, as in the paper's figures 4 to 6."""

import itertools
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.path import Path

from darts_tf.report.cell_graph import OUTPUT, CellGraph, Connection
from darts_tf.report.cell_layout import FONT, Box, Route, lay_out
from darts_tf.report.figure_settings import font, own_settings
from darts_tf.report.primitive_colors import Kind, kind_of

_INK = "#1d2430"
_TO_OUTPUT = "#9aa3af"
_FILLS = {"input": "#d9efdf", "node": "#dce8f8", "output": "#fbeec2"}
_BORDERS = {"input": "#5fa777", "node": "#6b93c9", "output": "#c9a53a"}

_DASHES = (0, (3, 2))

# Inches: around the drawing, for the title, for the legend; the legend's width.
_MARGIN = 0.25
_TITLE_HEIGHT = 0.4
_LEGEND_HEIGHT = 0.3
_LEAST_WIDTH = 9.3


@own_settings
def draw_graph(graph: CellGraph, title: str, kinds: Sequence[Kind]) -> Figure:
    """Draws a cell: inputs at the left, its output at the right.

    Edges carry the name of their primitive and the color of its kind. A node that the
    output does not read has a dashed border.

    Args:
        graph: The `CellGraph`.
        title: Text above the drawing.
        kinds: The kinds of primitives that the legend explains.

    Returns:
        A `matplotlib.figure.Figure`, as large as the cell needs.
    """
    layout = lay_out(graph)
    width = max(layout.width + 2 * _MARGIN, _LEAST_WIDTH)
    height = layout.height + 2 * _MARGIN + _TITLE_HEIGHT + _LEGEND_HEIGHT
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    # One unit is one inch; the drawing's own origin is its upper left corner.
    left = (width - layout.width) / 2
    top = _MARGIN + _TITLE_HEIGHT
    axes.set_xlim(-left, width - left)
    axes.set_ylim(height - top, -top)
    for connection, route in zip(graph.connections, layout.routes):
        _draw_route(axes, route, _color_of(connection))
    _draw_states(axes, graph, layout.boxes)
    figure.text(
        0.5,
        1 - (_MARGIN + 0.1) / height,
        title,
        ha="center",
        va="center",
        color=_INK,
        fontproperties=font(size=13, weight="bold"),
        parse_math=False,
    )
    _draw_legend(figure, kinds, graph.output_rule)
    return figure


def _color_of(connection: Connection):
    if connection.primitive:
        return kind_of(connection.primitive).color
    return _TO_OUTPUT if connection.target == OUTPUT else _INK


def _draw_route(axes, route: Route, color):
    line_width = 1.7 if route.primitive else 1.3
    vertices, codes = [route.points[0]], [Path.MOVETO]
    for (x, y), (next_x, next_y) in itertools.pairwise(route.points):
        half = (x + next_x) / 2
        vertices += [(half, y), (half, next_y), (next_x, next_y)]
        codes += [Path.CURVE4] * 3
    tip_x, tip_y = vertices[-1]
    vertices[-1] = (tip_x - 0.05, tip_y)
    axes.add_patch(
        PathPatch(Path(vertices, codes), fill=False, edgecolor=color, lw=line_width)
    )
    arrow = [(tip_x, tip_y), (tip_x - 0.1, tip_y - 0.05), (tip_x - 0.1, tip_y + 0.05)]
    axes.add_patch(Polygon(arrow, closed=True, facecolor=color, linewidth=0))
    if route.label:
        colors = {"facecolor": "white", "edgecolor": color}
        _draw_box(axes, route.label, FONT, color, rounding=0.13, **colors)


def _draw_states(axes, graph: CellGraph, boxes):
    for state, box in boxes.items():
        left_out = state in graph.left_out
        role = "output" if state == OUTPUT else "node"
        if state in graph.inputs:
            role = "input"
        _draw_box(
            axes,
            box,
            font(size=12),
            _INK,
            rounding=0.08,
            facecolor="white" if left_out else _FILLS[role],
            edgecolor=_BORDERS[role],
            linestyle=_DASHES if left_out else "-",
        )


def _draw_box(axes, box: Box, text_font, text_color, rounding, **patch):
    corner = (box.x - box.width / 2, box.y - box.height / 2)
    style = f"round,pad=0,rounding_size={rounding}"
    frame = FancyBboxPatch(corner, box.width, box.height, style, lw=1.3, **patch)
    # Above the routes, which run underneath the labels.
    frame.set_zorder(3)
    axes.add_patch(frame)
    place = {"ha": "center", "va": "center_baseline", "zorder": 4}
    axes.text(
        box.x, box.y, box.text, color=text_color, fontproperties=text_font, **place
    )


def _draw_legend(figure, kinds, output_rule):
    handles = [Line2D([], [], color=k.color, lw=2, label=k.name) for k in kinds]
    handles.append(Line2D([], [], color=_TO_OUTPUT, lw=2, label=output_rule))
    handles.append(
        Patch(
            facecolor="white",
            edgecolor=_BORDERS["node"],
            linestyle=_DASHES,
            linewidth=1.3,
            label="not in the output",
        )
    )
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=len(handles),
        frameon=False,
        prop=font(size=8.5),
        handlelength=1.6,
        columnspacing=1.3,
        labelcolor=_INK,
    )
