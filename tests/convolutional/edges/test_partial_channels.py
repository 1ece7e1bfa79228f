"""Edges of a part of the channels, against the words of the paper in numpy."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges.partial_channels import PartialChannels
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.method.methods import DARTS
from darts_tf.method.relaxations import softmax
from darts_tf.space.cell_space import CellSpace
from tests.method.method_checks import make_batch, make_model

pytestmark = pytest.mark.usefixtures("shared_edges")

METHOD = dataclasses.replace(DARTS, edge=PartialChannels(2))


@pytest.mark.parametrize(("stride", "size"), [(1, 6), (2, 6), (2, 5)])
def test_edges_and_nodes(stride, size):
    """Channel c k + j of a node is channel c of part j of the sum of its edges."""
    edge = PartialChannels(4)
    mixed_op = MixedOp(("avg_pool_3x3", "skip_connect"), 2, stride)
    layer = edge.layer(mixed_op, 8, stride, 2, name="edges")
    layer.build((None, size, size, 8))
    x = np.random.default_rng(0).normal(size=(3, size, size, 8)).astype("float32")
    coefficients = tf.constant([[0.3, 0.7], [0.6, 0.4]])
    weights = tf.constant([[0.2], [0.9]])
    outputs = layer(inputs=x, coefficients=coefficients, edge_weights=weights)
    node = edge.state(outputs).numpy()
    mixed = mixed_op(inputs=tf.constant(x[..., :2]), coefficients=coefficients)
    mixed = sum(w * m.numpy() for w, m in zip([0.2, 0.9], mixed))
    passed = x[..., 2:]
    if stride == 2:
        passed = keras.layers.MaxPooling2D(2, padding="same")(passed).numpy()
    parts = np.concatenate([mixed, 1.1 * passed], axis=-1)
    channels = [j * 2 + c for c in range(2) for j in range(4)]
    np.testing.assert_allclose(node, parts[..., channels], rtol=1e-5, atol=1e-6)


def test_edge_weights_are_a_softmax_over_the_edges_of_a_node():
    space, edge = CellSpace("normal", 2, 2, ("a", "b")), PartialChannels(2)
    beta = np.array([0.1, 0.5, 1.0, 2.0, 3.0])
    expected = np.concatenate([softmax(beta[:2]), softmax(beta[2:])])[:, None]
    found = edge.coefficients(space, {"beta": tf.constant(beta)})
    np.testing.assert_allclose(found["edge_weights"], expected, rtol=1e-14)
    np.testing.assert_allclose(edge.strengths(space, {"beta": beta}), expected)
    assert PartialChannels(2, normalized=False).parameters(space) == {}
    assert PartialChannels(2, normalized=False).strengths(space, {}) == 1.0


def test_one_part_without_weights_is_left_out():
    plain = make_model(DARTS)
    neutral = make_model(dataclasses.replace(DARTS, edge=PartialChannels(1, False)))
    for model in (plain, neutral):
        model.train_step((make_batch(0), make_batch(1)))
    for first, second in zip(
        plain.state_variables, neutral.state_variables, strict=True
    ):
        np.testing.assert_array_equal(first, second)


def test_such_a_network_is_smaller_and_is_saved(tmp_path):
    network = make_model(METHOD).network
    assert network.count_params() < make_model(DARTS).network.count_params()
    assert [alpha.name for alpha in network.alphas][2:] == [
        "beta_normal",
        "beta_reduce",
    ]
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    images, _ = make_batch(0)
    np.testing.assert_array_equal(loaded(images), network(images))
    assert loaded.method == METHOD


@pytest.mark.parametrize("share", [0, 1.5, True])
def test_malformed_shares(share):
    with pytest.raises(ValueError, match="`share`, expected an integer"):
        PartialChannels(share)
    with pytest.raises(ValueError, match="`share`, expected a divisor of 4"):
        PartialChannels(3).layer(MixedOp(("skip_connect",)), 4, 1, 1, name="x")
