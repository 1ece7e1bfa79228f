"""Toys: derived cells of one input, cells whose output is a mean, one kind of cell."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.convolutional.skeleton import staged_skeleton
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.cells_genotype import CellsGenotype
from darts_tf.genotype.convolutional_genotype import Genotype

ONE = Cell.from_lists([[("sep_conv_3x3", 0)], [("avg_pool_3x3", 1)]], [1, 2], 1)
# The same with an input before it that no edge reads.
TWO = Cell.from_lists([[("sep_conv_3x3", 1)], [("avg_pool_3x3", 2)]], [2, 3])


def built(cell, inputs, **arguments):
    layer = EvaluationCell(
        cell.to_lists(),
        cell.outputs,
        4,
        num_inputs=cell.num_inputs,
        output_rule=cell.output_rule,
        **arguments,
    )
    layer.build([x.shape for x in inputs])
    return layer


def outputs_of(first, second, inputs):
    """What both compute with the weights of the first, the last that the second has."""
    number = len(first.weights)
    for target, source in zip(second.weights[-number:], first.weights, strict=True):
        target.assign(source)
    results = [layer(inputs, training=True) for layer in (first, second)]
    for layer, result in zip((first, second), results):
        assert result.shape == layer.compute_output_shape([x.shape for x in inputs])
        again = EvaluationCell.from_config(layer.get_config())
        assert again.get_config() == layer.get_config()
    return results


@pytest.mark.parametrize("reduction", [False, True])
def test_a_cell_of_one_input_reads_the_last_output(reduction):
    inputs = [tf.random.normal((2, 6, 6, 8)) for _ in "ab"]
    cells = [built(cell, inputs, reduction=reduction) for cell in (ONE, TWO)]
    first, second = outputs_of(*cells, inputs)
    np.testing.assert_array_equal(first, second)


def test_the_output_may_be_the_mean_of_the_nodes():
    inputs = [tf.random.normal((2, 6, 6, 8)) for _ in "ab"]
    mean = Cell.from_lists(TWO.to_lists(), TWO.outputs, output_rule="mean")
    cells = [built(cell, inputs) for cell in (mean, TWO)]
    first, second = outputs_of(*cells, inputs)
    parts = tf.split(second, 2, axis=-1)
    np.testing.assert_allclose(first, sum(parts) / 2, rtol=1e-5, atol=1e-6)


def test_a_single_kind_of_cell_stands_in_all_places():
    images = tf.random.normal((2, 8, 8, 3))
    one = CellsGenotype((("only", TWO),))
    networks = [
        EvaluationNetwork(genotype, 3, 2, num_cells=3, auxiliary=False)
        for genotype in (one, Genotype(TWO, TWO))
    ]
    for network in networks:
        network.build((None, 8, 8, 3))
    networks[1].set_weights(networks[0].get_weights())
    np.testing.assert_array_equal(*(network(images) for network in networks))


def test_a_genotype_that_does_not_fit_is_refused():
    other = CellsGenotype((("normal", TWO), ("other", TWO)))
    with pytest.raises(ValueError, match="`genotype`, expected one with a reduce cell"):
        EvaluationNetwork(other, 3, 2, num_cells=3)
    skeleton = staged_skeleton(3, 4)
    with pytest.raises(ValueError, match="a normal cell of 1 inputs"):
        EvaluationNetwork(Genotype(TWO, TWO), 3, skeleton=skeleton)
