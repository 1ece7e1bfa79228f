"""The drawings of cells in the folder of a search."""

import os
from pathlib import Path

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.report.cell_drawing import save_cell
from darts_tf.run_layout import cell_drawing


def save_cells(
    folder: str | os.PathLike, genotype: SavedGenotype, role: str, when: str
) -> None:
    """Writes the drawing of each cell of a genotype.

    Args:
        folder: The run folder.
        genotype: The genotype.
        role: See `cell_drawing`.
        when: What it was found in, such as "epoch 3".
    """
    for kind, cell in genotype.cells.items():
        path = Path(folder, cell_drawing(role, kind))
        save_cell(cell, f"{kind} cell, {role} ({when})", path, kind)
