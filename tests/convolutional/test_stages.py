"""Stages that keep the strongest operations of each edge."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from darts_tf.convolutional.carried_weights import widened
from darts_tf.convolutional.edges import AuxiliarySkip, NestedEdges, PartialChannels
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.convolutional.stages import FewerOperations, strongest
from darts_tf.keras_private import adam_moments
from darts_tf.method.methods import DARTS
from darts_tf.method.schedule import Schedule
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.search_space import convolutional_space
from darts_tf.spaces import get_space
from tests.method.method_checks import PRIMITIVES, make_batch, make_model

HALF = PartialChannels(2, normalized=True)
WHOLE = PartialChannels(1, normalized=True)


@pytest.fixture(scope="module")
def searched():
    """A search that has taken a step, of half of the channels."""
    edge = NestedEdges((AuxiliarySkip(0.5), HALF))
    model = make_model(dataclasses.replace(DARTS, edge=edge), dtype="float32")
    model.train_step((make_batch(0, "float32"), make_batch(1, "float32")))
    return model


def compiled(network):
    model = SearchModel(network, "first", seed=5)
    model.compile()
    return model


def values(variables):
    return [variable.numpy() for variable in variables]


def test_strongest_in_the_order_of_the_space():
    space = CellSpace("normal", 2, 1, ("none", "skip_connect", "sep_conv_3x3"))
    strengths = np.array([[0.5, 0.1, 0.4], [0.3, 0.3, 0.3]])
    assert strongest(space, strengths, 2) == (
        ("none", "sep_conv_3x3"),
        ("none", "skip_connect"),
    )
    with pytest.raises(ValueError, match="`operations`, expected a number up to 3"):
        strongest(space, strengths, 4)


def test_what_is_left_computes_as_before(searched):
    """As the network before with coefficient 0 for what is left out."""
    old = searched.network
    new = FewerOperations(1, operations=2).changed(old)
    images, _ = make_batch(2, "float32")
    coefficients, of_few = old.coefficients(), {}
    for cell in new.space.cells:
        before = old.space.of(cell.kind)
        mask = [
            [name in cell.operations_of(row) for name in before.operations_of(row)]
            for row in range(cell.num_edges)
        ]
        of_kind = {k: v.numpy() for k, v in coefficients[cell.kind].items()}
        left = of_kind["operations"][np.array(mask)].reshape(cell.alpha_shape)
        of_few[cell.kind] = {**of_kind, "operations": left}
        of_kind["operations"] = np.where(mask, of_kind["operations"], 0)
        coefficients[cell.kind] = of_kind
    for training in (False, True):
        found = new(images, coefficients=of_few, training=training)
        expected = old(images, coefficients=coefficients, training=training)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
        assert np.abs(expected).max() > 0.1


def test_a_stage_of_all_is_the_same(searched):
    new = FewerOperations(1).changed(searched.network)
    before, after = searched.network.variables, new.variables
    for old, value in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, value)


@pytest.mark.parametrize("seed", [0, 1])
def test_what_optimizers_keep_goes_the_way_of_the_weights(searched, seed):
    edge = NestedEdges((AuxiliarySkip(0.5), WHOLE))
    stage = FewerOperations(3, 2, edge=edge, seed=seed)
    before = compiled(searched.network)
    for buffer, weight in zip(before.optimizer.buffers, before.network.weights_w):
        buffer.assign(weight)
    for index, alpha in enumerate(before.network.alphas):
        for moment in adam_moments(before.architecture_optimizer, index):
            moment.assign(alpha)
    before.optimizer.iterations.assign(7)
    before.architecture_optimizer.iterations.assign(5)
    after = compiled(stage.changed(before.network))
    stage.carry(before, after)
    network = after.network
    for buffer, weight in zip(after.optimizer.buffers, network.weights_w, strict=True):
        np.testing.assert_array_equal(buffer, weight)
    for index, alpha in enumerate(network.alphas):
        for moment in adam_moments(after.architecture_optimizer, index):
            np.testing.assert_array_equal(moment, alpha)
    assert int(after.optimizer.iterations) == 7
    assert int(after.architecture_optimizer.iterations) == 5
    again = values(stage.changed(before.network).variables)
    assert all(map(np.array_equal, again, values(network.variables)))
    other = dataclasses.replace(stage, seed=seed + 1).changed(before.network)
    assert not all(map(np.array_equal, again, values(other.variables)))


def test_a_network_of_more_cells_begins_anew(searched):
    old = searched.network
    stage = FewerOperations(3, 2, num_cells=3, carries=False)
    new = stage.changed(old)
    assert (new.num_cells, new.reductions) == (3, (1, 2))
    assert new.method == old.method
    for cell, alpha, before in zip(new.space.cells, new.alphas, old.alphas):
        assert alpha.shape == cell.alpha_shape == (5, 2)
        assert np.abs(alpha).max() < 0.01 < np.abs(before).max()
    before, after = compiled(old), compiled(new)
    before.optimizer.iterations.assign(7)
    stage.carry(before, after)
    assert int(after.optimizer.iterations) == 7
    assert not any(np.any(buffer) for buffer in after.optimizer.buffers)
    again = stage.rebuilt(old, new.space)
    for variable, same in zip(new.variables, again.variables, strict=True):
        np.testing.assert_array_equal(variable, same)


def test_stages_in_a_space_of_another_network():
    """As DrNAS goes on in NAS-Bench-201: 3 of 5 operations, of half of the channels."""
    named = get_space("nasbench201")
    network = SearchNetwork(
        3,
        space=named.search_space(2),
        skeleton=named.skeleton(3, 4),
        method=dataclasses.replace(DARTS, edge=PartialChannels(4, normalized=False)),
    )
    network.build((None, 8, 8, 3))
    network.alphas[0].assign([[0, 1, 2, 3, 4]] * 3)
    edge = PartialChannels(2, normalized=False)
    new = FewerOperations(1, 3, edge=edge).changed(network)
    assert new.skeleton == network.skeleton
    (cell,) = new.space.cells
    assert cell.alpha_shape == (3, 3) and cell.keeps_none
    (first, *_) = new.cells[0].mixed_ops
    assert first.mixed_op.primitives == named.primitives[2:]
    kernel = first.mixed_op.named_kernels()[0]["nor_conv_3x3", "kernel"]
    # All four are copies of the one that there was.
    of_old = np.broadcast_to(kernel[..., :1, :1], (3, 3, 2, 2))
    np.testing.assert_array_equal(kernel, of_old)
    images, _ = make_batch(2, "float32")
    assert np.isfinite(new(images, training=True)).all()


def test_widening_of_kernels():
    random = np.random.default_rng(0)
    pointwise, depthwise = random.normal(size=(2, 3)), random.normal(size=(3, 3, 2, 1))
    full = random.normal(size=(3, 3, 2, 3))
    inputs, outputs = np.array([1]), np.array([2, 0])
    wide = widened(pointwise, inputs, outputs)
    np.testing.assert_array_equal(wide, pointwise[[0, 1, 1]][:, [0, 1, 2, 2, 0]])
    np.testing.assert_array_equal(
        widened(depthwise, np.array([], int), np.array([0])), depthwise[:, :, [0, 1, 0]]
    )
    wide = widened(full, inputs, outputs)
    np.testing.assert_array_equal(wide, full[:, :, [0, 1, 1]][..., [0, 1, 2, 2, 0]])


def test_what_makes_no_sense(searched):
    with pytest.raises(ValueError, match="`num_cells`, expected `None` where weights"):
        FewerOperations(1, num_cells=3)
    quarter = FewerOperations(1, edge=PartialChannels(4))
    with pytest.raises(ValueError, match="`new`, expected a network of no fewer"):
        quarter.changed(searched.network)
    skeleton = darts_skeleton(2, 4)
    network = SearchNetwork(3, 4, 2, 1, PRIMITIVES, skeleton=skeleton)
    stage = FewerOperations(1, num_cells=3, carries=False)
    with pytest.raises(ValueError, match="a skeleton of its own"):
        stage.rebuilt(network, network.space)


def test_a_method_with_stages_is_saved():
    stages = (
        FewerOperations(2, 3, 4, NestedEdges((AuxiliarySkip(), HALF)), False, 9),
        FewerOperations(5),
    )
    method = dataclasses.replace(DARTS, schedule=Schedule(1, stages))
    saved = json.loads(json.dumps(keras.saving.serialize_keras_object(method)))
    assert keras.saving.deserialize_keras_object(saved) == method


def test_none_on_some_of_the_edges_is_never_derived():
    space = convolutional_space(PRIMITIVES, 1).with_operations(
        {
            "normal": [("none", "skip_connect"), ("avg_pool_3x3", "sep_conv_3x3")],
            "reduce": [("none", "sep_conv_3x3")] * 2,
        }
    )
    strengths = {kind: np.array([[0.9, 0.1]] * 2) for kind in space.kinds}
    genotype = space.derive(strengths)
    assert str(genotype.normal).splitlines()[0] == (
        "node 2: avg_pool_3x3(1) + skip_connect(0)"
    )
    assert genotype.reduce.count("sep_conv_3x3") == 2
    with pytest.raises(ValueError, match="as many operations on each edge"):
        space.sample(np.random.default_rng(0))
