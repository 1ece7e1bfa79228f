"""The Jacobian and the codes of ReLUs, against numpy and between both networks."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.zero_cost.observed_pass import observe, observed
from tests.spaces.known.nasbench201_networks import (
    SPACE,
    copy_weights,
    evaluation_network,
    search_network,
)
from tests.zero_cost.chain import SHAPE, built_chain

RNG = np.random.default_rng(4)
IMAGES = RNG.normal(size=(5, 2, 3, 1))
FIRST, SECOND, LAST = (RNG.normal(size=size) for size in ((6, 7), (7, 4), (4, 3)))


def forward(images, read_twice=1.0):
    x = tf.reshape(images, [5, 6])
    first = tf.nn.relu(x @ FIRST)
    tf.nn.relu(x - 1)  # which leads nowhere
    second = tf.nn.relu(first @ SECOND)
    weighed_by_nothing = tf.nn.relu(x + 2) @ np.ones((6, 3))
    return read_twice * (second @ LAST) + 0.0 * weighed_by_nothing


def test_a_small_network_in_numpy():
    found = tf.function(lambda x: observe(forward, x), autograph=False)(
        tf.constant(IMAGES)
    )
    first = IMAGES.reshape(5, 6) @ FIRST
    second = np.maximum(first, 0) @ SECOND
    codes = np.hstack([first, second]) > 0
    agreements = [[sum(a == b for a, b in zip(x, y)) for y in codes] for x in codes]
    np.testing.assert_array_equal(found.agreements, agreements)
    back = ((second > 0) * LAST.sum(1)) @ SECOND.T * (first > 0) @ FIRST.T
    np.testing.assert_allclose(found.jacobian, back, rtol=1e-12)


def test_without_relus_there_are_no_codes():
    found = observed(built_chain(), tf.random.normal((3, *SHAPE)))
    assert (found.agreements.numpy() == 0).all()
    assert found.jacobian.shape == (3, 24)


@pytest.fixture(scope="module")
def search():
    """A search network, and the function of one-hot coefficients that observes it."""
    network = search_network(cells=1)

    def call(images, coefficients):
        by_kind = {"nasbench201": {"operations": coefficients}}
        return observe(
            lambda x: network(x, training=True, coefficients=by_kind), images
        )

    return network, tf.function(call, autograph=False)


@pytest.mark.parametrize(
    "options",
    [
        (3, 2, 1, 0, 4, 3),
        # Node 2 leads nowhere, and so its ReLU must not count.
        (3, 2, 3, 2, 4, 0),
        # No edge with a kernel.
        (1, 4, 1, 1, 0, 4),
        (0, 0, 0, 0, 0, 0),
    ],
)
def test_a_search_network_of_one_hot_coefficients_is_the_derived_one(search, options):
    network, call = search
    derived = evaluation_network(SPACE.decode(options), cells=1, dtype="float64")
    copy_weights(network, derived)
    images = tf.constant(RNG.normal(size=(4, 8, 8, 3)))
    found = call(images, tf.one_hot(options, 5, dtype=tf.float64))
    expected = tf.function(
        lambda x: observe(lambda y: derived(y, training=True), x), autograph=False
    )(images)
    np.testing.assert_array_equal(found.agreements, expected.agreements)
    np.testing.assert_allclose(found.jacobian, expected.jacobian, rtol=1e-8, atol=1e-12)
