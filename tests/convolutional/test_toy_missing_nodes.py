"""A toy: cells some of whose nodes have no edges, and thus do not exist."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype

# The second cell is the first without the nodes that do not exist.
SPARSE = Cell.from_lists([[], [("skip_connect", 0)], [], [("avg_pool_3x3", 3)]], [3, 5])
DENSE = Cell.from_lists([[("skip_connect", 0)], [("avg_pool_3x3", 2)]], [2, 3])


@pytest.mark.parametrize("reduction", [False, True])
def test_a_node_without_edges_is_left_out(reduction):
    cells = [
        EvaluationCell(cell.to_lists(), cell.outputs, 4, reduction)
        for cell in (SPARSE, DENSE)
    ]
    inputs = [tf.random.normal((2, 6, 6, 8)) for _ in "ab"]
    for cell in cells:
        cell.build([x.shape for x in inputs])
    for source, target in zip(cells[0].weights, cells[1].weights, strict=True):
        target.assign(source)
    first, second = (cell(inputs) for cell in cells)
    np.testing.assert_array_equal(first, second)
    assert first.shape == cells[0].compute_output_shape([x.shape for x in inputs])


def test_the_network_is_as_wide_as_the_nodes_that_exist():
    network = EvaluationNetwork(Genotype(SPARSE, DENSE), 3, 2, num_cells=2)
    network.build((None, 8, 8, 3))
    logits, _ = network(
        tf.random.normal((2, 8, 8, 3)), training=True, return_auxiliary=True
    )
    assert logits.shape == (2, 3)
    assert network.classifier.kernel.shape == (2 * 8, 3)
