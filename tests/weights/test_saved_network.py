import keras
import numpy as np
import pytest

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.errors import UserError
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.keras_file import save_model
from darts_tf.run_layout import BEST_MODEL_FILE
from darts_tf.weight_transfer import assign_weights
from darts_tf.weights.convolutional_weights import published_views
from darts_tf.weights.saved_network import load_network
from tests.torch_files import Tensor, legacy_file, pickled

CELL = Cell.from_lists([[("sep_conv_3x3", 0), ("skip_connect", 1)]], [2])


def make_network(genotype=None, **arguments):
    arguments = {"init_channels": 2, "num_cells": 2, **arguments}
    network = EvaluationNetwork(genotype or Genotype(CELL, CELL), **arguments)
    network.build((None, 8, 8, 3))
    return network


def same_outputs(first, second):
    images = keras.random.normal((2, 8, 8, 3))
    np.testing.assert_array_equal(first(images), second(images))


def test_a_run_folder_stands_for_its_best_network(tmp_path):
    network = make_network()
    save_model(network, tmp_path / BEST_MODEL_FILE)
    assert [path.name for path in tmp_path.iterdir()] == [BEST_MODEL_FILE]
    for weights in (tmp_path, tmp_path / BEST_MODEL_FILE):
        same_outputs(network, load_network(weights))


def test_a_pytorch_checkpoint(tmp_path):
    network = make_network(PUBLISHED["DARTS_V2"], num_cells=1)
    views = published_views(network, {v.path: v.numpy() for v in network.variables})
    state = {name: Tensor(view) for name, view in views.items()}
    path = tmp_path / "model.pt"
    path.write_bytes(legacy_file(*pickled(state)))
    same_outputs(network, load_network(path, "DARTS_V2", 8))
    with pytest.raises(UserError, match="`genotype`"):
        load_network(path)


def test_what_is_no_network(tmp_path):
    with pytest.raises(UserError, match="none"):
        load_network(tmp_path / "none")
    with pytest.raises(UserError, match=BEST_MODEL_FILE):
        load_network(tmp_path)
    other = tmp_path / "other.keras"
    keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)]).save(other)
    with pytest.raises(UserError, match="Sequential"):
        load_network(other)
    other.write_bytes(other.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"other\.keras cannot be read"):
        load_network(other)


def test_weights_of_the_same_structure():
    network, source = make_network(), make_network()
    assign_weights(network, source)
    same_outputs(network, source)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"num_classes": 7}, r"classifier/kernel .*, 7\) .*needs .*, 10\)"),
        ({"auxiliary": False}, "`auxiliary`=False, but `auxiliary`=True"),
        ({"num_cells": 3}, "`layers`=3, but `layers`=2"),
        ({"genotype": PUBLISHED["DARTS_V2"]}, "`genotype`="),
    ],
)
def test_weights_of_another_structure(arguments, message):
    network = make_network()
    before = [variable.numpy() for variable in network.variables]
    with pytest.raises(UserError, match=message):
        assign_weights(network, make_network(**arguments))
    for old, new in zip(before, network.variables):
        np.testing.assert_array_equal(old, new)
