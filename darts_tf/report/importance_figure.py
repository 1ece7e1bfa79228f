"""The picture of what alpha says of the operations, and of what the network needs."""

import numpy as np
from matplotlib.figure import Figure

from darts_tf.report.cell_drawing import cell_title
from darts_tf.report.edge_tables import (
    draw_edge_table,
    edge_names,
    frame_values,
    table_size,
)
from darts_tf.report.figure_settings import own_settings
from darts_tf.report.figure_style import INK, new_figure
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.coefficients import finite_array

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
    width, height = table_size(space)
    size = (2.0 + 2 * width, 1.9 + height)
    figure = new_figure(f"{cell_title(space.kind)}: importance of operations", size)
    left, right = figure.subplots(1, 2, sharey=True)
    most = max(strengths.max(), 1e-9)
    draw_edge_table(left, space, strengths, "Blues", (0, most))
    left.set_title("strength by alpha", fontsize=9.5, color=INK)
    most = max(np.abs(lost).max(), 1e-9)
    draw_edge_table(right, space, lost, "RdBu", (-most, most), digits=1)
    right.set_title(_WORDS[measure], fontsize=9.5, color=INK)
    for axes, values in ((left, strengths), (right, lost)):
        frame_values(axes, enumerate(values.argmax(axis=1)), "the largest of an edge")
    left.set_yticks(range(len(lost)), edge_names(space), fontsize=8.5)
    right.tick_params(labelleft=False)
    return figure
