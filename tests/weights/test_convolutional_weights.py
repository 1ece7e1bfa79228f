import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.evaluation_network import EvaluationNetwork
from darts_tf.convolutional.primitives import register_primitive
from darts_tf.convolutional.primitives.darts_primitives import SeparableConvolution
from darts_tf.errors import UserError
from darts_tf.genotype.convolutional_genotype import PUBLISHED, Genotype
from darts_tf.genotype.published_cells import PUBLISHED_CELLS
from darts_tf.weights.convolutional_weights import (
    assign_published_weights,
    network_for,
    published_views,
)
from darts_tf.weights.torch_checkpoint import read_state_dict

DARTS_V2 = PUBLISHED["DARTS_V2"]


def make_network(genotype=DARTS_V2, **arguments):
    arguments = {"init_channels": 4, "num_cells": 3, **arguments}
    network = EvaluationNetwork(genotype, **arguments)
    network.build((None, 8, 8, 3))
    return network


def make_tensors(network):
    """Random weights under the names of a published checkpoint."""
    random = np.random.default_rng(1)
    views = published_views(network, {v.path: v.numpy() for v in network.variables})
    return {
        name: random.uniform(0.1, 1, view.shape).astype("float32")
        for name, view in views.items()
    }


@functools.cache
def _made_once():
    return make_tensors(make_network())


def tensors_of_a_network():
    """Those of `make_network()`, in a dictionary of its own."""
    return dict(_made_once())


@pytest.mark.parametrize(
    "file",
    [
        "conv_eval_darts_v2.pt",
        "conv_eval_darts_v2.legacy.pt",
        "imagenet_eval_darts_v2.legacy.pt",
    ],
)
def test_golden_checkpoints(golden_folder, file, record_property):
    golden = np.load(golden_folder / f"{file.split('.')[0]}.npz")
    tensors = read_state_dict(golden_folder / file)
    network = network_for(tensors, DARTS_V2, dtype="float64")
    images = tf.constant(golden["x"].transpose(0, 2, 3, 1), tf.float64)
    error = np.abs(network(images) - golden["logits_eval"]).max()
    error /= np.abs(golden["logits_eval"]).max()
    record_property("largest relative error", f"{error:.1e}")
    assert error <= 1e-9


@pytest.mark.parametrize("genotype", PUBLISHED_CELLS)
@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
def test_every_weight_has_one_name(genotype, stem):
    network = make_network(PUBLISHED[genotype], stem=stem, num_cells=3)
    paths = [v for v in network.variables if "/" in v.path and "seed" not in v.path]
    counted = sum(np.prod(v.shape) for v in paths if "drop_path" not in v.path)
    values = {v.path: v.numpy() for v in network.variables}
    views = published_views(network, values)
    assert sum(view.size for view in views.values()) == counted
    for view in views.values():
        view += 1  # to each weight exactly once
    for variable in paths:
        change = 0 if "drop_path" in variable.path else 1
        np.testing.assert_allclose(values[variable.path], variable + change, rtol=1e-5)


@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
@pytest.mark.parametrize("auxiliary", [True, False])
def test_sizes_follow_from_the_weights(stem, auxiliary):
    network = make_network(
        num_classes=7, init_channels=6, num_cells=3, stem=stem, auxiliary=auxiliary
    )
    tensors = make_tensors(network)
    tensors["cells.0.preprocess1.op.2.num_batches_tracked"] = np.array(3)
    imported = network_for(tensors, DARTS_V2, image_size=16)
    assert imported.get_config() | {"name": 0} == network.get_config() | {"name": 0}
    views = published_views(imported, {v.path: v.numpy() for v in imported.variables})
    for name, view in views.items():
        np.testing.assert_array_equal(view, tensors[name])


def test_operations_that_the_authors_code_lacks():
    network = make_network(PUBLISHED["AmoebaNet-B"], num_cells=1)
    with pytest.raises(ValueError, match="that the authors' code has"):
        published_views(network, {v.path: v.numpy() for v in network.variables})


def test_a_missing_tensor_is_named():
    tensors = tensors_of_a_network()
    del tensors["cells.0._ops.7.op.1.weight"], tensors["stem.1.running_var"]
    with pytest.raises(UserError, match=r"lack .*cells\.0\._ops\.7.*stem\.1\.running"):
        network_for(tensors, DARTS_V2)


def test_an_unused_tensor_is_named_and_nothing_is_set():
    network = make_network()
    before = [v.numpy() for v in network.variables]
    tensors = make_tensors(network)
    tensors |= {f"fc.{index}": np.ones(1) for index in range(9)}
    with pytest.raises(UserError, match=r"no place for: .*fc\.0, .* and 4 more"):
        assign_published_weights(network, tensors)
    for variable, value in zip(network.variables, before):
        np.testing.assert_array_equal(variable, value)


def test_another_shape_is_named():
    tensors = tensors_of_a_network()
    tensors["cells.0.preprocess0.op.1.weight"] = np.ones((4, 8, 1, 1))
    with pytest.raises(
        UserError, match=r"cells\.0\.preprocess0.*\(4, 8, 1, 1\).*\(4, 12, 1, 1\)"
    ):
        network_for(tensors, DARTS_V2)


@pytest.mark.parametrize("name", ["DARTS_V1", "NASNet-A"])
def test_another_genotype(name):
    tensors = tensors_of_a_network()
    with pytest.raises(UserError, match=r"lack .*; it has no place for: .* more\."):
        network_for(tensors, PUBLISHED[name])


@pytest.mark.parametrize(
    "tensors, message",
    [
        ({}, "nothing"),
        ({"fc.weight": np.ones((2, 3))}, r"fc\.weight"),
        ({"stem.0.weight": np.ones(3), "cells.0.x": np.ones(1)}, r"cells\.0\.x"),
    ],
)
def test_foreign_weights(tensors, message):
    with pytest.raises(UserError, match=message):
        network_for(tensors, DARTS_V2)


@pytest.mark.parametrize(
    "tensors, message",
    [
        # Small files of networks that would take hours to make, or all the memory.
        ({f"cells.{index}.x": np.ones(1) for index in range(20_000)}, "num_cells"),
        ({"stem.0.weight": np.ones((90_000, 1, 1, 1))}, "init_channels"),
        ({"stem.0.weight": np.ones((3072, 3, 1, 1))}, r"\d{3},\d{3} weights or more"),
        ({"stem.0.weight": np.ones((12, 100_000, 1, 1))}, r"\d{3},\d{3} weights or"),
        ({"classifier.weight": np.ones((90_000, 1))}, r"\d{3},\d{3} weights or more"),
        # No channels, and a classifier of nothing.
        ({"stem.0.weight": np.ones((12, 0, 3, 3))}, "Expected the weights"),
        ({"stem.0.weight": np.ones((0, 3, 3, 3))}, "Expected the weights"),
        ({"classifier.weight": np.ones((10, 0))}, "Expected the weights"),
    ],
)
def test_weights_that_pretend(tensors, message):
    with pytest.raises(UserError, match=message):
        network_for(tensors_of_a_network() | tensors, DARTS_V2)


def test_cells_that_leave_out_a_number():
    tensors = tensors_of_a_network()
    tensors["cells.999999999.preprocess0.op.1.weight"] = np.ones(1)
    with pytest.raises(UserError, match=r"no place for: cells\.999999999"):
        network_for(tensors, DARTS_V2)


def test_a_primitive_without_published_names():
    class Mine(SeparableConvolution):
        """Not among the authors' primitives."""

    register_primitive("mine", Mine(3))
    text = DARTS_V2.to_json().replace("sep_conv_3x3", "mine")
    with pytest.raises(ValueError, match="'mine'"):
        make_tensors(make_network(Genotype.from_json(text)))
    tensors = tensors_of_a_network()
    unknown = Genotype.from_json(DARTS_V2.to_json().replace("skip", "skap"))
    with pytest.raises(UserError, match="skap_connect"):
        network_for(tensors, unknown)


def test_imported_network_survives_saving(tmp_path):
    tensors = tensors_of_a_network()
    network = network_for(tensors, DARTS_V2)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    images = keras.random.normal((2, 32, 32, 3))
    np.testing.assert_array_equal(loaded(images), network(images))
