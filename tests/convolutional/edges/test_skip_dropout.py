"""Dropout after the skip connections of a search."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges import AuxiliarySkip, NestedEdges
from darts_tf.convolutional.edges.skip_dropout import SkipDropout, kept_mask
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Progress
from tests.method.method_checks import ORDERS, check_gradient, make_batch, make_model

pytestmark = pytest.mark.usefixtures("shared_edges")

METHOD = dataclasses.replace(DARTS, edge=SkipDropout(0.4))


def progress(epoch):
    return Progress(tf.constant(0), tf.constant(epoch, tf.int64))


def test_rate():
    dropout = SkipDropout(0.4, frozen_epochs=10, epochs=25)
    rates = [float(dropout.rate_at(progress(epoch))) for epoch in (0, 9, 10, 24)]
    expected = [0.4 * 24 / 25, 0.4 * 15 / 25, 0.4, 0.4 * np.exp(-2.8)]
    assert rates == pytest.approx(expected, rel=1e-12)
    later = dataclasses.replace(dropout, first_epoch=30)
    assert float(later.rate_at(progress(30))) == pytest.approx(expected[0], rel=1e-12)


def test_it_drops_what_the_skip_connection_passes():
    mixed_op = MixedOp(("avg_pool_3x3", "skip_connect"), 2)
    layer = SkipDropout().layer(mixed_op, 4, 1, 2, name="edges")
    layer.build((None, 6, 6, 4))
    x = tf.random.stateless_normal([2, 6, 6, 4], [1, 2])
    coefficients = tf.constant([[0.3, 0.7], [0.6, 0.4]])
    drawn = {
        "dropout_rate": tf.constant([[0.25], [0.25]]),
        "dropout_seed": tf.constant([[3.0, 4.0], [5.0, 6.0]]),
    }
    found = layer(inputs=x, coefficients=coefficients, **drawn)
    plain = mixed_op(inputs=x, coefficients=coefficients)
    for row, (with_dropout, without) in enumerate(zip(found, plain, strict=True)):
        passed = (with_dropout - without) / coefficients[row, 1] + x
        is_kept = np.abs(passed) > 1e-5
        expected = np.where(is_kept, x / 0.75, 0)
        np.testing.assert_allclose(passed, expected, rtol=1e-4, atol=1e-5)
        assert 0.6 < is_kept.mean() < 0.9
    assert not np.array_equal(found[0] - plain[0], found[1] - plain[1])


def test_around_other_layers():
    edge = NestedEdges((AuxiliarySkip(), SkipDropout()))
    layer = edge.layer(MixedOp(("skip_connect",)), 4, 1, 1, name="edges")
    layer.build((None, 6, 6, 4))
    found = layer(
        inputs=tf.ones([1, 6, 6, 4]),
        coefficients=tf.ones([1, 1]),
        auxiliary=tf.fill([1, 1], 10.0),
        dropout_rate=tf.fill([1, 1], 0.5),
        dropout_seed=tf.constant([[3.0, 4.0]]),
    )
    # What stands beside the operations is not dropped.
    assert set(np.ravel(found)) == {10.0, 12.0}


def test_share_that_is_kept():
    mask = kept_mask([100_000], tf.constant(0.3), tf.constant([1, 2]))
    assert np.mean(mask) == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize(
    "order", ["exact", pytest.param("first", marks=pytest.mark.long)]
)
def test_gradient(order):
    """Every pass over a batch drops the same."""
    check_gradient(METHOD, *ORDERS[order])


def test_an_evaluation_drops_nothing():
    images, _ = make_batch(0)
    expected = make_model(DARTS)(images)
    np.testing.assert_array_equal(make_model(METHOD)(images), expected)
