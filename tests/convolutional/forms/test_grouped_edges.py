"""The form for GPUs against the form by edges, in float64."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional import MixedOp, SearchNetwork
from darts_tf.convolutional.edges import (
    AuxiliarySkip,
    NestedEdges,
    PartialChannels,
    SkipDropout,
)
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.distribution import global_batch
from darts_tf.method.methods import DARTS
from darts_tf.method.network_loss import NetworkLoss
from darts_tf.method.slots import Progress
from darts_tf.traced_device import supposed_gpu
from tests.long_cases import with_long

TOLERANCE = 1e-12
FORMS = ("edges", "grouped")
SMALL = ("none", "avg_pool_3x3", "skip_connect", "dil_conv_3x3")
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
    actual, expected = (
        [x for x in tf.nest.flatten(results) if x is not None]
        for results in (actual, expected)
    )
    assert len(actual) == len(expected)
    for got, wanted in zip(actual, expected):
        scale = max(np.max(np.abs(wanted), initial=0), 1e-3)
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
    ("partly", 1, 1, False),
    ("partly", 2, 2, True),
    ("small", 2, 1, False),
]
PRIMITIVES = {"darts": DARTS_PRIMITIVES, "partly": PARTLY, "small": SMALL}


USUAL = [(first_order, *case) for case in CASES[-2:]] + [(second_order, *CASES[-1])]


@pytest.mark.parametrize(
    "derivatives, primitives, num_targets, stride, recompute",
    with_long(
        [(order, *case) for order in (first_order, second_order) for case in CASES],
        USUAL,
    ),
)
def test_grouped_equals_edges(derivatives, primitives, num_targets, stride, recompute):
    arguments = (PRIMITIVES[primitives], num_targets, stride)
    by_edges, grouped = (
        derivatives(make_mixed_op(form, *arguments, recompute=recompute))
        for form in FORMS
    )
    check(grouped, by_edges)


@pytest.mark.parametrize(
    "primitives, num_targets, stride, recompute", with_long(CASES, CASES[-1:])
)
@pytest.mark.parametrize(
    "derivatives", with_long([first_order, second_order], [second_order])
)
def test_statistics_of_all_replicas(
    derivatives, primitives, num_targets, stride, recompute
):
    """One replica is all."""
    arguments = (PRIMITIVES[primitives], num_targets, stride)
    by_edges = derivatives(make_mixed_op("edges", *arguments))
    with global_batch.across(tf.identity):
        grouped = derivatives(make_mixed_op("grouped", *arguments, recompute=recompute))
    check(grouped, by_edges)


@pytest.mark.parametrize(
    "derivatives, primitives",
    with_long(
        [
            (first_order, SMALL),
            (first_order, DARTS_PRIMITIVES),
            (second_order, DARTS_PRIMITIVES),
        ],
        [],
    ),
)
@pytest.mark.parametrize("recompute", with_long([False, True], [False]))
def test_compiled_by_xla(derivatives, primitives, recompute):
    arguments = (primitives, 2, 2)
    by_edges = derivatives(make_mixed_op("edges", *arguments))
    with supposed_gpu():
        grouped = derivatives(make_mixed_op("grouped", *arguments, recompute=recompute))
    check(grouped, by_edges)


@pytest.mark.parametrize("recompute", with_long([False, True], [False]))
def test_what_a_gradient_gets(recompute):
    """The arguments, statistics, and what products read and give; no integers.

    XLA would have to know these when it compiles, and a GPU wait for them. The
    arguments come from where the state's function gets them, since XLA copies those
    that a function returns. No image is transposed within, see `images.of_state`.
    """
    primitives = ("max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3")
    mixed_op = MixedOp(primitives, 2, 2, recompute, form="grouped")
    mixed_op.build((None, 5, 6, 4))

    @tf.function(autograph=False)
    def gradients(state, coefficients):
        watched = [state, coefficients, mixed_op.kernels.value]
        with tf.GradientTape() as tape:
            tape.watch(watched)
            outputs = mixed_op(state, coefficients, training=True)
        return tape.gradient(outputs, watched)

    specifications = tf.TensorSpec((None, 5, 6, 4)), tf.TensorSpec((2, 4))
    graph = gradients.get_concrete_function(*specifications).graph
    (backward,) = (
        operation
        for operation in graph.get_operations()
        if "PartitionedCall" in operation.type
        and "backward" in operation.get_attr("f").name
    )
    assert {x.dtype for x in backward.inputs} == {tf.float32}
    images = [x for x in backward.inputs if x.shape.rank == 5 and x.shape[3] == 3]
    # The gradient, two products of the separable convolutions, and the factorized
    # reduction.
    assert len(images) == (1 if recompute else 1 + 2 * 2 + 1)
    for function in graph.as_graph_def(add_shapes=True).library.function:
        arguments = {x.name for x in function.signature.input_arg}
        assert arguments.isdisjoint(function.ret.values())
        for node in function.node_def:
            (shape, *_) = node.attr["_output_shapes"].list.shape or [None]
            assert node.op != "Transpose" or len(shape.dim) < 4


@pytest.mark.long
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_is_as_near_as_that_of_edges(policy):
    def computed(form, dtype):
        keras.utils.set_random_seed(0)
        mixed_op = MixedOp(DARTS_PRIMITIVES, 2, 2, form=form, dtype=dtype)
        mixed_op.build((None, 5, 6, 4))
        arguments = [tf.cast(x, mixed_op.compute_dtype) for x in (state, coefficients)]
        with tf.GradientTape() as tape:
            outputs = mixed_op(*arguments, training=True)
            loss = [y**3 for y in outputs]
        assert all(y.dtype == mixed_op.compute_dtype for y in outputs)
        gradient = tape.gradient(loss, mixed_op.kernels.value)
        return [np.asarray(tf.cast(x, tf.float64)) for x in (*outputs, gradient)]

    state, coefficients = normal(3, 5, 6, 4), normal(2, 8, seed=1)
    expected = computed("edges", "float32")
    by_edges, grouped = (computed(form, policy) for form in FORMS)
    for wanted, of_edges, of_groups in zip(expected, by_edges, grouped):
        error, limit = (np.linalg.norm(x - wanted) for x in (of_groups, of_edges))
        assert error < 1.5 * limit < 0.3 * np.linalg.norm(wanted)


METHODS = {
    "darts": DARTS.edge,
    "partial": PartialChannels(2),
    "auxiliary": AuxiliarySkip(),
    "dropout": SkipDropout(0.3),
    "nested": NestedEdges((AuxiliarySkip(), PartialChannels(2))),
}


def all_passes(form, edge):
    """What each pass over a batch computes, of a network of a method."""
    keras.utils.set_random_seed(1)
    network = SearchNetwork(
        num_classes=3,
        init_channels=4,
        num_cells=1,
        num_nodes=1,
        primitives=("none", "skip_connect", "dil_conv_3x3"),
        reductions=(0,),
        method=dataclasses.replace(DARTS, edge=edge),
        form=form,
        dtype="float64",
    )
    network.build((None, 5, 6, 3))
    loss = NetworkLoss(
        network,
        lambda labels, logits: tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        ),
    )
    w = [tf.convert_to_tensor(v) for v in network.weights_w]
    alpha = [normal(*v.shape, seed=5) for v in network.alphas]
    drawn = network.architecture.draw(
        tf.constant([1, 2]), Progress(tf.constant(0), tf.constant(0, tf.int64))
    )
    objective = loss.on_batch(normal(3, 5, 6, 3), tf.constant([0, 1, 2]), drawn)
    along_w = [normal(*x.shape, seed=6) for x in w]
    along_alpha = [normal(*x.shape, seed=7) for x in alpha]
    return [
        objective.gradients(w, alpha),
        objective.alpha_gradients(w, alpha),
        objective.mixed_product(w, alpha, along_w),
        objective.alpha_product(w, alpha, along_alpha),
    ]


@pytest.mark.parametrize("method", with_long(METHODS, ["auxiliary"]))
def test_methods_in_all_orders(method):
    grouped, by_edges = (all_passes(form, METHODS[method]) for form in FORMS)
    check(grouped, by_edges)


def test_save_and_load(tmp_path):
    """Either form reads what the other has written."""
    arguments = {"num_cells": 1, "num_nodes": 1, "primitives": SMALL}
    network = SearchNetwork(3, 4, form="grouped", dtype="float64", **arguments)
    network.build((None, 5, 6, 3))
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    assert loaded.form == loaded.cells[0].mixed_ops[0].form == "grouped"
    by_edges = SearchNetwork(3, 4, dtype="float64", **arguments)
    by_edges.build((None, 5, 6, 3))
    assert "form" not in str(by_edges.get_config())
    network.save_weights(tmp_path / "network.weights.h5")
    by_edges.load_weights(tmp_path / "network.weights.h5")
    images = normal(2, 5, 6, 3)
    expected = network(images)
    np.testing.assert_array_equal(loaded(images), expected)
    np.testing.assert_allclose(by_edges(images), expected, rtol=1e-12)
