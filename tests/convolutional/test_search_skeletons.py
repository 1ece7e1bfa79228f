"""Search networks with the skeletons of NASNet, PNAS and ENAS."""

import dataclasses

import keras
import numpy as np
import pytest

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.method.methods import DARTS
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import SearchSpace
from darts_tf.spaces.published_skeletons import (
    enas_skeleton,
    nasnet_skeleton,
    pnas_skeleton,
)
from tests.method.method_checks import check_gradient, make_batch

OPERATIONS = ("identity", "max_pool_3x3", "sep_conv_3x3")


def space_of(*kinds):
    cells = (CellSpace(k, 2, 2, OPERATIONS, "pairs", outputs="unused") for k in kinds)
    return SearchSpace("pairs", tuple(cells))


TWO_KINDS = space_of("normal", "reduce")
SKELETONS = {
    "nasnet": (nasnet_skeleton(2, 4), TWO_KINDS),
    "pnas": (pnas_skeleton(3, 4), space_of("only")),
    "enas": (enas_skeleton(2, 4), TWO_KINDS),
}


@pytest.mark.parametrize(
    "skeleton",
    [nasnet_skeleton(1, 4), pytest.param(enas_skeleton(2, 4), marks=pytest.mark.long)],
    ids=["nasnet", "enas"],
)
def test_gradient(skeleton):
    check_gradient(DARTS, "second", "exact", space=TWO_KINDS, skeleton=skeleton)


@pytest.mark.parametrize("name", SKELETONS)
def test_a_network_is_searched_derived_saved_and_loaded(name, tmp_path):
    skeleton, space = SKELETONS[name]
    network = SearchNetwork(3, space=space, skeleton=skeleton)
    network.build((None, 8, 8, 3))
    images, _ = make_batch(0, "float32")
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.skeleton == skeleton
    np.testing.assert_array_equal(loaded(images), network(images))
    derived = EvaluationNetwork(network.genotype(), 3, skeleton=skeleton)
    derived.build((None, 8, 8, 3))
    assert derived(images).shape == network(images).shape
    # Mixed operations keep their channels: the stem gets those of the first cell.
    assert network.cells[0].input_layers[0] == ("pointwise",)
    assert derived.cells[0].input_layers[0] == (
        ("pointwise",) if name == "enas" else ()
    )


def test_a_stem_that_no_search_has():
    for make in (nasnet_skeleton, darts_skeleton):
        skeleton = make(3, 4, "imagenet")
        with pytest.raises(ValueError, match="a single convolution of stride 1"):
            SearchNetwork(skeleton=skeleton)


def test_the_classifier_is_that_of_the_skeleton():
    skeleton = dataclasses.replace(darts_skeleton(1, 4), classifier_bias=False)
    network = SearchNetwork(3, num_nodes=1, skeleton=skeleton)
    network.build((None, 8, 8, 3))
    assert network.classifier.bias is None
