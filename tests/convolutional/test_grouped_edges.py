"""The form for GPUs against the form by edges, in float64."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional import MixedOp
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.distribution import global_batch
from tests.long_cases import with_long

TOLERANCE = 1e-12
FORMS = ("edges", "grouped")
PARTLY = ("conv_3x3", "max_pool_3x3", "noise", "sep_conv_3x3", "none", "identity")


def normal(*shape, seed=0):
    return tf.constant(np.random.default_rng(seed).normal(size=shape))


def make_mixed_op(form, primitives, num_targets, stride, **arguments):
    keras.utils.set_random_seed(0)
    mixed_op = MixedOp(
        primitives, num_targets, stride, form=form, dtype="float64", **arguments
    )
    mixed_op.build((None, 5, 6, 4))
    return mixed_op


def check(actual, expected, tolerance=TOLERANCE):
    actual, expected = tf.nest.flatten(actual), tf.nest.flatten(expected)
    assert len(actual) == len(expected)
    for got, wanted in zip(actual, expected):
        scale = max(np.abs(wanted).max(), 1e-3)
        np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * scale)


def arguments_of(mixed_op):
    """A state, coefficients and the noise of each edge."""
    edges, primitives = mixed_op.num_targets, len(mixed_op.primitives)
    coefficients = normal(edges, primitives, seed=1)
    noise = tf.unstack(tf.reshape(tf.range(2 * edges), [edges, 2]))
    return normal(3, 5, 6, 4), coefficients, noise


def first_order(mixed_op):
    """Outputs in and out of training, gradients and statistics."""
    state, coefficients, noise = arguments_of(mixed_op)

    @tf.function(autograph=False)
    def call(state, coefficients):
        watched = [state, coefficients, mixed_op.kernels.value]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = mixed_op(state, coefficients, training=True, noise=noise)
            loss = sum(tf.reduce_sum((e + y) ** 3) for e, y in enumerate(outputs))
        gradients = tape.gradient(loss, watched, unconnected_gradients="zero")
        return outputs, gradients, mixed_op(state, coefficients, noise=noise)

    return [*call(state, coefficients), mixed_op.moving_moments]


def second_order(mixed_op):
    """The derivative along tangents of all that can have one, and its gradient."""
    state, coefficients, noise = arguments_of(mixed_op)
    along = [normal(*x.shape, seed=9) for x in (state, coefficients, mixed_op.kernels)]
    how = {"training": True, "constant_weights": True, "noise": noise}

    @tf.function(autograph=False)
    def call(state, coefficients):
        with tf.GradientTape() as tape:
            tape.watch([state, coefficients])
            with dual.along([mixed_op.kernels], along[2:]):
                outputs = mixed_op.call(
                    Dual(state, along[0]), Dual(coefficients, along[1]), **how
                )
            loss = sum(tf.reduce_sum(y.tangent**2 + y.value**3) for y in outputs)
        values = [[y.value, y.tangent] for y in outputs]
        return values, tape.gradient(loss, [state, coefficients])

    return call(state, coefficients)


CASES = [
    ("darts", 2, 1, False),
    ("darts", 1, 2, False),
    ("darts", 3, 2, True),
    ("partly", 2, 1, False),
    ("partly", 2, 2, True),
]
PRIMITIVES = {"darts": DARTS_PRIMITIVES, "partly": PARTLY}


@pytest.mark.parametrize(
    "primitives, num_targets, stride, recompute", with_long(CASES, CASES[:2])
)
@pytest.mark.parametrize("derivatives", [first_order, second_order])
def test_grouped_equals_edges(derivatives, primitives, num_targets, stride, recompute):
    arguments = (PRIMITIVES[primitives], num_targets, stride)
    by_edges, grouped = (
        derivatives(make_mixed_op(form, *arguments, recompute=recompute))
        for form in FORMS
    )
    check(grouped, by_edges)


@pytest.mark.parametrize(
    "primitives, num_targets, stride, recompute", with_long(CASES, CASES[1:2])
)
@pytest.mark.parametrize("derivatives", [first_order, second_order])
def test_statistics_of_all_replicas(
    derivatives, primitives, num_targets, stride, recompute
):
    """One replica is all."""
    arguments = (PRIMITIVES[primitives], num_targets, stride)
    by_edges = derivatives(make_mixed_op("edges", *arguments))
    with global_batch.across(tf.identity):
        grouped = derivatives(make_mixed_op("grouped", *arguments, recompute=recompute))
    check(grouped, by_edges)
