"""Skip connections beside the mixed operations."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges.auxiliary_skip import AuxiliarySkip
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Progress
from tests.method.method_checks import make_batch, make_model

pytestmark = pytest.mark.usefixtures("shared_edges")


def progress(epoch):
    return Progress(tf.constant(0), tf.constant(epoch, tf.int64))


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        ("constant", [0.8, 0.8, 0.8]),
        ("linear", [0.8, 0.4, 0.16]),
        ("cosine", [0.8, 0.4, 0.4 * (1 + np.cos(0.8 * np.pi))]),
        ("slow_cosine", [0.8, 0.8 * np.sqrt(0.5), 0.8 * np.cos(0.4 * np.pi)]),
    ],
)
def test_decay(decay, expected):
    skip = AuxiliarySkip(0.8, decay, epochs=10)
    found = [float(skip.settled(None, progress(epoch))) for epoch in (0, 5, 8)]
    assert found == pytest.approx(expected, rel=1e-12)


def test_it_is_added_to_every_edge():
    mixed_op = MixedOp(("avg_pool_3x3", "skip_connect"), 2)
    layer = AuxiliarySkip().layer(mixed_op, 4, 1, 2, name="edges")
    layer.build((None, 6, 6, 4))
    x = tf.random.stateless_normal([2, 6, 6, 4], [1, 2])
    coefficients = tf.constant([[0.3, 0.7], [0.6, 0.4]])
    auxiliary = tf.constant([[0.5], [0.5]])
    found = layer(inputs=x, coefficients=coefficients, auxiliary=auxiliary)
    plain = mixed_op(inputs=x, coefficients=coefficients)
    for with_skip, without in zip(found, plain, strict=True):
        np.testing.assert_allclose(with_skip, without + 0.5 * x, rtol=1e-5, atol=1e-6)


def test_an_evaluation_in_the_search_has_that_of_the_epoch():
    method = dataclasses.replace(DARTS, edge=AuxiliarySkip(1.0, epochs=4))
    model = make_model(method)
    images, _ = make_batch(0)
    outputs = []
    for epoch in (0, 3, 4):
        model.begin_epoch(epoch)
        outputs.append(model.call(images).numpy())
    assert (outputs[0] != outputs[1]).any() and (outputs[1] != outputs[2]).any()
    # At the end the network is that of the operations alone.
    np.testing.assert_allclose(outputs[2], model.network(images), rtol=1e-10)


def test_without_weight_it_is_left_out():
    plain = make_model(DARTS)
    neutral = make_model(dataclasses.replace(DARTS, edge=AuxiliarySkip(0.0)))
    for model in (plain, neutral):
        model.train_step((make_batch(0), make_batch(1)))
    for first, second in zip(
        plain.state_variables, neutral.state_variables, strict=True
    ):
        np.testing.assert_array_equal(first, second)


def test_unknown_decay():
    with pytest.raises(ValueError, match="`decay`, expected one of constant"):
        AuxiliarySkip(decay="sudden")
