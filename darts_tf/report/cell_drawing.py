"""Drawings of cells from left to right, as in the paper's figures 4 to 6."""

import itertools
import os
from pathlib import Path as FilePath

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.path import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.genotype import Cell
from darts_tf.report.cell_layout import FONT, OUTPUT, Box, CellLayout, Route, lay_out
from darts_tf.report.figure_files import figure_to_png, figure_to_svg
from darts_tf.report.primitive_colors import KINDS, kind_of

_INK = "#1d2430"
_CONCATENATION = "#9aa3af"
_FILLS = {"input": "#d9efdf", "node": "#dce8f8", "output": "#fbeec2"}
_BORDERS = {"input": "#5fa777", "node": "#6b93c9", "output": "#c9a53a"}

_DASHES = (0, (3, 2))

# Inches: around the drawing, for the title, for the legend; the legend's width.
_MARGIN = 0.25
_TITLE_HEIGHT = 0.4
_LEGEND_HEIGHT = 0.3
_LEAST_WIDTH = 9.3


def draw_cell(cell: Cell, title: str) -> Figure:
    """Draws a cell: inputs at the left, its output at the right.

    Edges carry the name of their primitive and the color of its kind. A node that is
    not concatenated into the output has a dashed border.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.

    Returns:
        A `matplotlib.figure.Figure`, as large as the cell needs.
    """
    layout = lay_out(cell)
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
    for route in layout.routes:
        _draw_route(axes, route)
    _draw_states(axes, cell, layout)
    figure.text(
        0.5,
        1 - (_MARGIN + 0.1) / height,
        title,
        ha="center",
        va="center",
        color=_INK,
        fontproperties=_font(size=13, weight="bold"),
        parse_math=False,
    )
    _draw_legend(figure)
    return figure


def save_cell(
    cell: Cell, title: str, path_without_suffix: str | os.PathLike
) -> tuple[FilePath, FilePath]:
    """Writes the drawing of a cell as `.svg` and `.png`.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.
        path_without_suffix: The files' path, to which the suffixes are added.

    Returns:
        The paths of the SVG and of the PNG image.
    """
    figure = draw_cell(cell, title)
    stem = os.fspath(path_without_suffix)
    svg = write_atomically(f"{stem}.svg", figure_to_svg(figure))
    png = write_atomically(f"{stem}.png", figure_to_png(figure))
    return svg, png


def _font(size, weight="normal"):
    return FontProperties(family=FONT.get_family(), size=size, weight=weight)


def _draw_route(axes, route: Route):
    color = kind_of(route.primitive).color if route.primitive else _CONCATENATION
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


def _draw_states(axes, cell, layout: CellLayout):
    for state, box in layout.boxes.items():
        role = "output" if state == OUTPUT else "input" if state < 2 else "node"
        left_out = role == "node" and state not in cell.concat
        _draw_box(
            axes,
            box,
            _font(size=12),
            _INK,
            rounding=0.08,
            facecolor="white" if left_out else _FILLS[role],
            edgecolor=_BORDERS[role],
            linestyle=_DASHES if left_out else "-",
        )


def _draw_box(axes, box: Box, font, text_color, rounding, **patch):
    corner = (box.x - box.width / 2, box.y - box.height / 2)
    style = f"round,pad=0,rounding_size={rounding}"
    frame = FancyBboxPatch(corner, box.width, box.height, style, lw=1.3, **patch)
    # Above the routes, which run underneath the labels.
    frame.set_zorder(3)
    axes.add_patch(frame)
    place = {"ha": "center", "va": "center_baseline", "zorder": 4}
    axes.text(box.x, box.y, box.text, color=text_color, fontproperties=font, **place)


def _draw_legend(figure):
    handles = [Line2D([], [], color=k.color, lw=2, label=k.name) for k in KINDS]
    handles.append(Line2D([], [], color=_CONCATENATION, lw=2, label="concatenation"))
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
        prop=_font(size=8.5),
        handlelength=1.6,
        columnspacing=1.3,
        labelcolor=_INK,
    )
