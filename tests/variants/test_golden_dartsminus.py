"""DARTS- against numbers that its authors' code computed in float64."""

import dataclasses
import functools

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges.auxiliary_skip import DECAYS, AuxiliarySkip
from darts_tf.method.methods import DARTS
from darts_tf.method.search.architecture_search import TRAIN, VALID
from darts_tf.method.slots import Progress
from tests.variants.golden_variants import (
    RADII,
    TOLERANCE,
    after_step,
    at_the_start,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    gradients_of,
    make_model,
    make_network,
    named_alphas,
    of_move,
    read_json,
    runs,
    second_orders,
)

EPOCH = 15
METHOD = dataclasses.replace(DARTS, edge=AuxiliarySkip())


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"dartsminus": _compute})


@pytest.fixture(scope="module")
def run_second_order(golden_folder, float64_module):
    function = functools.partial(_compute, radii=RADII)
    return runs(golden_folder, {"dartsminus": function})


def _compute(golden, settings, radii=None):
    """A step, with the gradients of second order where there are `radii`."""
    network = make_network(golden, settings, METHOD)
    model = make_model(network)
    model._epoch.assign(EPOCH)
    batches = [batch(golden, half) for half in ("train", "valid")]
    start, by_order, move = compiled(_step)(model, *batches, radii)
    results = at_the_start(network, start)
    for name, gradients in by_order.items():
        results |= named_alphas(f"{name}/0/", network, gradients.alpha)
        results["unrolled_valid_loss/0"] = gradients.loss
    return results | of_move(network, 0, *move) | after_step(network, 0)


def _step(model, train, valid, radii):
    train, valid = (*train, model._drawn(TRAIN)), (*valid, model._drawn(VALID))
    start = gradients_of(model, train)
    by_order = {} if radii is None else second_orders(model, train, valid, radii)
    return start, by_order, model._move(train, valid)


@each_quantity("dartsminus", order="first")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.long
@each_quantity("dartsminus", order="second")
def test_golden_second_order(run_second_order, name, pattern, record_property):
    check_quantity(*run_second_order(name), pattern, record_property)


def _weight(edge, epoch):
    return edge.settled(None, Progress(tf.constant(0), tf.constant(epoch))).numpy()


def test_golden_weight(golden_folder):
    expected = read_json(golden_folder, "dartsminus")["beta"]
    assert _weight(METHOD.edge, EPOCH) == pytest.approx(expected, rel=TOLERANCE)


@pytest.mark.parametrize("decay", ["linear", "cosine"])
def test_golden_decay_that_begins_later(golden_folder, decay):
    """It falls from `start` to `stop`, as if it had all epochs from `start` on.

    Along a line the authors' program counts from `start`, along a cosine from 0, so
    that the weight jumps.
    """
    start, stop, epochs = 10, 30, 50
    tables = read_json(golden_folder, "dartsminus")["decay_by_epoch"]
    table = tables[f"{decay}, start {start}, stop {stop}"]
    edge = AuxiliarySkip(1.0, decay, epochs - start)
    weights = []
    for epoch in range(len(table)):
        counted = min(epoch, stop) - (start if decay == "linear" else 0)
        weights.append(_weight(edge, counted) if epoch >= start else 1.0)
    np.testing.assert_allclose(weights, table, rtol=TOLERANCE, atol=0)


@pytest.mark.parametrize("beta", [1.0, 0.7])
@pytest.mark.parametrize("decay", DECAYS)
def test_golden_decay(golden_folder, decay, beta, record_property):
    tables = read_json(golden_folder, "dartsminus")["decay_by_epoch"]
    name = "None" if decay == "constant" else decay
    table = tables[f"{name}, beta {beta}"]
    edge = AuxiliarySkip(beta, decay)
    weights = [_weight(edge, epoch) for epoch in range(len(table))]
    error = np.abs(np.subtract(weights, table)).max() / table[0]
    record_property("largest relative error", f"{error:.1e}")
    assert error <= TOLERANCE
