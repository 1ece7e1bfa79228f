"""A toy: cells whose outputs name their inputs, as published ones do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype

# As the original AmoebaNet-A and -C: inputs among the outputs of both kinds of cell.
CELL = Cell.from_lists(
    [[("max_pool_3x3", 1), ("skip_connect", 0)], [("avg_pool_3x3", 2)]], [0, 3, 1]
)
GENOTYPE = Genotype(CELL, CELL)


def test_inputs_are_concatenated_as_they_are():
    cell = EvaluationCell(CELL.to_lists(), CELL.outputs, channels=4)
    inputs = [tf.random.normal((2, 6, 6, 8)) for _ in "ab"]
    cell.build([x.shape for x in inputs])
    output = cell(inputs)
    expected = [p(x) for p, x in zip(cell.preprocess, inputs)]
    np.testing.assert_array_equal(output[..., :4], expected[0])
    np.testing.assert_array_equal(output[..., 8:], expected[1])


@pytest.mark.parametrize("size", [6, 7])
def test_a_reduction_cell_halves_them(size):
    cell = EvaluationCell(CELL.to_lists(), CELL.outputs, channels=4, reduction=True)
    inputs = [tf.random.normal((2, size, size, 8)) for _ in "ab"]
    shapes = [x.shape for x in inputs]
    cell.build(shapes)
    output = cell(inputs)
    assert output.shape == cell.compute_output_shape(shapes)
    names = [operation.name for operation in cell.output_reductions]
    assert names == ["output_0", "output_1"]
    states = [p(x) for p, x in zip(cell.preprocess, inputs)]
    for state, place in ((0, 0), (1, 2)):
        operation = cell.output_reductions[place // 2]
        expected = operation(cell._views(state, states[state]))
        found = output[..., 4 * place : 4 * place + 4]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_the_network_learns_and_is_saved(tmp_path):
    network = EvaluationNetwork(GENOTYPE, 3, 2, num_cells=3)
    network.build((None, 8, 8, 3))
    images = tf.random.normal((2, 8, 8, 3))
    with tf.GradientTape() as tape:
        logits, auxiliary = network(images, training=True, return_auxiliary=True)
        loss = tf.reduce_sum(logits**2) + tf.reduce_sum(auxiliary**2)
    gradients = tape.gradient(loss, network.trainable_variables)
    assert all(gradient is not None for gradient in gradients)
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert loaded.genotype == GENOTYPE
    np.testing.assert_array_equal(loaded(images), network(images))
