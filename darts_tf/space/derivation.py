"""From architecture parameters to a discrete architecture (paper, section 2.4)."""

from collections.abc import Sequence

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.space.topology import (
    NONE,
    NUM_CELL_INPUTS,
    NUM_RECURRENT_INPUTS,
    edge_index,
    num_edges,
)


def softmax(alpha: np.ndarray) -> np.ndarray:
    """Returns the coefficients of the primitives, in float64 (paper, equation 2).

    Args:
        alpha: Architecture parameters of shape `(..., primitives)`.
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    exponentials = np.exp(alpha - alpha.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def entropy(alpha: np.ndarray) -> float:
    """Returns the mean entropy of the edges' coefficients, in nats.

    It falls from `log(primitives)` to 0 as the search makes up its mind.

    Args:
        alpha: Architecture parameters of shape `(edges, primitives)`.
    """
    coefficients = softmax(alpha)
    # The limit of p log p at p = 0 is 0.
    logarithms = np.log(np.where(coefficients > 0, coefficients, 1))
    return float(-(coefficients * logarithms).sum(axis=-1).mean())


def count_primitive(cell: Cell, name: str) -> int:
    """Returns on how many edges of a cell a primitive stands."""
    return sum(edge.primitive == name for node in cell.nodes for edge in node)


def strongest_edges(
    alpha: np.ndarray,
    primitives: Sequence[str],
    edges_per_node: int,
    num_inputs: int,
) -> list[list[tuple[str, int]]]:
    """Selects the edges of a discrete cell, whichever kind of cell it is.

    An edge is as strong as its strongest primitive other than `none`. Ties go to the
    lower index, of primitives and of edges.

    Args:
        alpha: Architecture parameters of shape `(edges, primitives)`.
        primitives: Names of the primitives, in the order of the columns.
        edges_per_node: How many incoming edges each node keeps, if it has as many.
        num_inputs: Number of input states.

    Returns:
        For each node its `(primitive, source)` pairs, the strongest first.

    Raises:
        ValueError: If an argument is malformed, or alpha is not finite or does not have
            the shape of a cell with these primitives.
    """
    candidates = _candidates(primitives)
    if type(edges_per_node) is not int or edges_per_node < 1:
        raise ValueError(
            "Received an invalid value for `edges_per_node`, expected an integer from "
            f"1 up. Received: edges_per_node={edges_per_node!r}"
        )
    alpha, num_nodes = _validated(alpha, len(primitives), num_inputs)
    coefficients = softmax(alpha)[:, candidates]
    columns, strengths = coefficients.argmax(axis=1), coefficients.max(axis=1)
    nodes = []
    for node in range(num_nodes):
        first = edge_index(node, 0, num_inputs)
        order = np.argsort(-strengths[first : first + node + num_inputs], kind="stable")
        nodes.append(
            [
                (primitives[candidates[columns[first + source]]], int(source))
                for source in order[:edges_per_node]
            ]
        )
    return nodes


def derive_cell(
    alpha: np.ndarray, primitives: Sequence[str], edges_per_node: int = 2
) -> Cell:
    """Derives a convolutional cell; its output concatenates all nodes.

    Args:
        alpha: Architecture parameters of shape `(edges, primitives)`. The number of
            nodes follows from that of edges: 14 edges are 4 nodes.
        primitives: Names of the primitives, in the order of the columns.
        edges_per_node: How many incoming edges each node keeps.

    Returns:
        The `Cell`, with each node's edges in order of strength.

    Raises:
        ValueError: As `strongest_edges`.
    """
    nodes = strongest_edges(alpha, primitives, edges_per_node, NUM_CELL_INPUTS)
    states = range(NUM_CELL_INPUTS, NUM_CELL_INPUTS + len(nodes))
    return Cell.from_lists(nodes, outputs=states)


def derive(
    alpha_normal: np.ndarray, alpha_reduce: np.ndarray, primitives: Sequence[str]
) -> Genotype:
    """Derives the genotype of a convolutional search.

    Args:
        alpha_normal: Architecture parameters of the normal cells, of shape
            `(edges, primitives)`.
        alpha_reduce: Those of the reduction cells.
        primitives: Names of the primitives, in the order of the columns.

    Returns:
        The `Genotype`.

    Raises:
        ValueError: As `strongest_edges`.
    """
    return Genotype(
        normal=derive_cell(alpha_normal, primitives),
        reduce=derive_cell(alpha_reduce, primitives),
    )


def derive_recurrent(
    alpha: np.ndarray, activations: Sequence[str]
) -> RecurrentGenotype:
    """Derives the genotype of a recurrent search; its output is the mean of all nodes.

    Args:
        alpha: Architecture parameters of shape `(edges, activations)`. The number of
            nodes follows from that of edges: 36 edges are 8 nodes.
        activations: Names of the activations, in the order of the columns.

    Returns:
        The `RecurrentGenotype`, each node with its strongest edge.

    Raises:
        ValueError: As `strongest_edges`.
    """
    nodes = strongest_edges(alpha, activations, 1, NUM_RECURRENT_INPUTS)
    states = range(NUM_RECURRENT_INPUTS, NUM_RECURRENT_INPUTS + len(nodes))
    return RecurrentGenotype.from_lists([edge for (edge,) in nodes], mean=states)


def _candidates(primitives):
    """Returns the columns that may be derived: all but that of `none`."""
    columns = [i for i, name in enumerate(primitives) if name != NONE]
    if not columns or len(set(primitives)) != len(primitives):
        raise ValueError(
            "Received an invalid value for `primitives`, expected distinct names, at "
            f"least one of them other than 'none'. Received: primitives={primitives!r}"
        )
    return columns


def _validated(alpha, num_primitives, num_inputs):
    """Returns alpha as a finite float64 array, and its number of nodes."""
    try:
        alpha = np.asarray(alpha, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Received an invalid value for `alpha`, expected an array: {error}"
        ) from error
    if alpha.ndim != 2 or alpha.shape[1] != num_primitives:
        raise ValueError(
            "Received an invalid value for `alpha`, expected shape (edges, "
            f"{num_primitives}), a column for each primitive. Received: shape "
            f"{alpha.shape}"
        )
    if not np.isfinite(alpha).all():
        row, column = np.argwhere(~np.isfinite(alpha))[0]
        raise ValueError(
            "Received an invalid value for `alpha`, expected finite numbers. Received: "
            f"alpha[{row}, {column}]={alpha[row, column]}"
        )
    return alpha, _num_nodes(len(alpha), num_inputs)


def _num_nodes(rows, num_inputs):
    sizes = [num_edges(n, num_inputs) for n in range(1, max(rows, 4) + 1)]
    if rows not in sizes:
        first = ", ".join(map(str, sizes[:4]))
        raise ValueError(
            "Received an invalid value for `alpha`, expected a row for each edge of a "
            f"cell ({first}, ... for 1, 2, 3, 4, ... nodes). Received: {rows} rows"
        )
    return sizes.index(rows) + 1
