"""Derivation of discrete cells from strengths of operations (paper, section 2.4)."""

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.space.cell_space import ALL, PAIRS, CellSpace, Place
from darts_tf.space.coefficients import finite_array


def derive_cell(space: CellSpace, strengths: np.ndarray) -> Cell:
    """Derives the cell of the strongest edges and operations.

    An edge is as strong as its strongest operation, among those that the space derives.
    Ties go to the lower index, of operations and of edges.

    Args:
        space: The space of the cell.
        strengths: Strengths of the operations, of shape `space.alpha_shape`.

    Returns:
        The `Cell`, with each node's edges in order of strength; in that of their
        sources if the space keeps all.

    Raises:
        ValueError: If the strengths are not finite or of another shape.
    """
    strengths = finite_array("strengths", strengths, space.alpha_shape)
    return space.cell_of(
        [_strongest(space, strengths, node) for node in range(space.num_nodes)]
    )


def _strongest(space: CellSpace, strengths: np.ndarray, node: int) -> list[Place]:
    """Returns the places of a node, the strongest first."""
    strengths = [_candidates(space, strengths, node, s) for s in space.sources(node)]
    if space.edges_per_node == PAIRS:
        places = [(s, p) for s, row in enumerate(strengths) for p in range(len(row))]
    else:
        places = [(s, int(row.argmax())) for s, row in enumerate(strengths)]
    if space.edges_per_node == ALL:
        return places
    order = np.argsort([-strengths[s][p] for s, p in places], kind="stable")
    return [places[index] for index in order[: space.num_places(node)]]


def _candidates(space, strengths, node, source):
    """Returns the strengths of the operations that an edge can have in the end."""
    row, candidates = space.row(node, source), space.candidates(node, source)
    names = space.operations_of(row)
    return strengths[row, [names.index(name) for name in candidates]]
