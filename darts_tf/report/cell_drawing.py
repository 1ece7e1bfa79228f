"""Drawings of the cells of genotypes, as figures and as files."""

import os
from pathlib import Path

from matplotlib.figure import Figure

from darts_tf.atomic_file import write_atomically
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.report.cell_graph import convolutional_graph, recurrent_graph
from darts_tf.report.figure_files import figure_to_png, figure_to_svg
from darts_tf.report.graph_drawing import draw_graph
from darts_tf.report.primitive_colors import KINDS

CELL_TITLES = {"normal": "Normal cell", "reduce": "Reduction cell"}


def draw_cell(cell: Cell, title: str) -> Figure:
    """Draws a convolutional cell: inputs at the left, its output at the right.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.

    Returns:
        A `matplotlib.figure.Figure`, as large as the cell needs.
    """
    return draw_graph(convolutional_graph(cell), title, KINDS)


def draw_recurrent_cell(genotype: RecurrentGenotype, title: str) -> Figure:
    """Draws a recurrent cell, with the activation on each edge.

    Args:
        genotype: The `RecurrentGenotype`.
        title: Text above the drawing.

    Returns:
        A `matplotlib.figure.Figure`, as large as the cell needs.
    """
    # The legend need not repeat activations, whose names stand on the edges.
    return draw_graph(recurrent_graph(genotype), title, kinds=())


def draw_genotype(
    genotype: Genotype | RecurrentGenotype, when: str = ""
) -> dict[str, Figure]:
    """Draws all cells of a genotype of either kind.

    Args:
        genotype: The genotype.
        when: What the titles say beside the kind of cell, for instance `"epoch 3"`.

    Returns:
        The figures by their titles.
    """
    after = f", {when}" if when else ""
    if isinstance(genotype, RecurrentGenotype):
        title = f"Recurrent cell{after}"
        return {title: draw_recurrent_cell(genotype, title)}
    return {
        f"{title}{after}": draw_cell(getattr(genotype, name), f"{title}{after}")
        for name, title in CELL_TITLES.items()
    }


def save_cell(
    cell: Cell, title: str, path_without_suffix: str | os.PathLike
) -> tuple[Path, Path]:
    """Writes the drawing of a convolutional cell as `.svg` and `.png`.

    Args:
        cell: The `Cell`.
        title: Text above the drawing.
        path_without_suffix: The files' path, to which the suffixes are added.

    Returns:
        The paths of the SVG and of the PNG image.
    """
    return _save(draw_cell(cell, title), path_without_suffix)


def save_recurrent_cell(
    genotype: RecurrentGenotype, title: str, path_without_suffix: str | os.PathLike
) -> tuple[Path, Path]:
    """Writes the drawing of a recurrent cell, arguments and result as `save_cell`."""
    return _save(draw_recurrent_cell(genotype, title), path_without_suffix)


def _save(figure, path_without_suffix):
    stem = os.fspath(path_without_suffix)
    svg = write_atomically(f"{stem}.svg", figure_to_svg(figure))
    png = write_atomically(f"{stem}.png", figure_to_png(figure))
    return svg, png
