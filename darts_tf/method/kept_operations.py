"""The operations that a derived cell may keep, as probabilities that gradients pass.

A derived cell is the one whose edges have the largest sum of strengths: of each node
the strongest edges, with the strongest operation on each (paper, section 2.4). Here a
node makes its choice with a probability proportional to exp(sum / temperature), of all
choices that it has. As the temperature falls to 0, these become 0 and 1, and the cell
that is left is the derived one.
"""

import itertools

import numpy as np
import tensorflow as tf

from darts_tf.space.cell_space import ALL, PAIRS, CellSpace


def kept_operations(
    space: CellSpace, strengths: tf.Tensor, temperature: float
) -> tf.Tensor:
    """Returns the probability of each operation to stand in the derived cell.

    Args:
        space: The cells.
        strengths: Strengths of the operations, shape `(edges, operations)`.
        temperature: The temperature, above 0, in the unit of the strengths.

    Returns:
        Tensor of shape `(edges, operations)`, 0 for what no cell can have.
    """
    numbers = [len(space.sources(node)) for node in range(space.num_nodes)]
    candidates = tf.split(are_candidates(space), numbers)
    return tf.concat(
        [
            _kept_of_node(space, node, of_node / temperature, candidates[node])
            for node, of_node in enumerate(tf.split(strengths, numbers))
        ],
        axis=0,
    )


def are_candidates(space: CellSpace) -> np.ndarray:
    """Returns which operations can stand in a cell, shape `(edges, operations)`."""
    return np.array(
        [
            [
                name in space.candidates(node, source)
                for name in space.operations_of(space.row(node, source))
            ]
            for node, source in space.edges
        ]
    )


def share_of_largest(logits: tf.Tensor, count: int) -> tf.Tensor:
    """Returns the probability of each element to be among the largest ones.

    A set of so many elements has a probability proportional to the exponential of its
    sum.

    Args:
        logits: Tensor of shape `(elements,)`.
        count: Number of elements in a set.

    Returns:
        Tensor of shape `(elements,)` with the sum `count`.
    """
    size = logits.shape[0]
    if count >= size:
        return tf.ones_like(logits)
    sets = np.array([*itertools.combinations(range(size), count)])
    shares = tf.nn.softmax(tf.reduce_sum(tf.gather(logits, sets), axis=1))
    return tf.math.unsorted_segment_sum(
        tf.repeat(shares, count), tf.constant(sets.reshape(-1)), size
    )


def _kept_of_node(space, node, logits, candidates):
    """As `kept_operations`, of the edges into one node; strengths over temperature."""
    if space.edges_per_node == PAIRS:
        places = tf.where(candidates)
        shares = share_of_largest(tf.gather_nd(logits, places), space.num_places(node))
        return tf.scatter_nd(places, shares, tf.shape(logits, tf.int64))
    logits = tf.where(candidates, logits, -np.inf)
    of_edges = tf.nn.softmax(logits)
    if space.edges_per_node == ALL:
        return of_edges
    strongest = tf.reduce_max(logits, axis=1)
    return share_of_largest(strongest, space.num_places(node))[:, None] * of_edges
