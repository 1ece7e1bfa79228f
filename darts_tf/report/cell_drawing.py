"""Drawings of the cells of genotypes, as figures and as files."""

import os
from pathlib import Path

from matplotlib.figure import Figure

from darts_tf.atomic_file import write_atomically
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.saved_genotype import SavedGenotype, cell_name
from darts_tf.report.cell_graph import RECURRENT, cell_graph
from darts_tf.report.figure_files import figure_to_png, figure_to_svg
from darts_tf.report.graph_drawing import draw_graph
from darts_tf.report.primitive_colors import KINDS


def cell_title(kind: str) -> str:
    """Returns a heading for a cell of a kind, for instance `"Reduction cell"`."""
    return cell_name(kind).capitalize()


def draw_cell(cell: Cell, title: str, kind: str = "normal") -> Figure:
    """Draws a cell: inputs at the left, its output at the right.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.
        kind: Kind of the cell: a `"recurrent"` one has inputs of other names.

    Returns:
        A `matplotlib.figure.Figure`, as large as the cell needs.
    """
    # The legend need not repeat activations, whose names stand on the edges.
    return draw_graph(cell_graph(cell, kind), title, () if kind == RECURRENT else KINDS)


def draw_genotype(genotype: SavedGenotype, when: str = "") -> dict[str, Figure]:
    """Draws all cells of a genotype.

    Args:
        genotype: The genotype.
        when: What the titles say beside the kind of cell, for instance `"epoch 3"`.

    Returns:
        The figures by their titles.
    """
    after = f", {when}" if when else ""
    titles = {kind: f"{cell_title(kind)}{after}" for kind in genotype.cells}
    return {
        titles[kind]: draw_cell(cell, titles[kind], kind)
        for kind, cell in genotype.cells.items()
    }


def save_cell(
    cell: Cell,
    title: str,
    path_without_suffix: str | os.PathLike,
    kind: str = "normal",
) -> tuple[Path, Path]:
    """Writes the drawing of a cell as `.svg` and `.png`.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.
        path_without_suffix: The files' path, to which the suffixes are added.
        kind: Kind of the cell, see `draw_cell`.

    Returns:
        The paths of the SVG and of the PNG image.
    """
    figure, stem = draw_cell(cell, title, kind), os.fspath(path_without_suffix)
    svg = write_atomically(f"{stem}.svg", figure_to_svg(figure))
    png = write_atomically(f"{stem}.png", figure_to_png(figure))
    return svg, png
