"""DARTS- against numbers that its authors' code computed in float64."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges.auxiliary_skip import DECAYS, AuxiliarySkip
from darts_tf.method.architecture_search import TRAIN, VALID
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Progress
from tests.variants.golden_variants import (
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


def _compute(golden, settings):
    network = make_network(golden, settings, METHOD)
    model = make_model(network)
    model._epoch.assign(EPOCH)
    batches = [batch(golden, half) for half in ("train", "valid")]
    start, by_order, move = compiled(_step)(model, *batches)
    results = at_the_start(network, start)
    for name, gradients in by_order.items():
        results |= named_alphas(f"{name}/0/", network, gradients.alpha)
    results["unrolled_valid_loss/0"] = by_order["exact_second_order"].loss
    return results | of_move(network, 0, *move) | after_step(network, 0)


def _step(model, train, valid):
    train, valid = (*train, model._drawn(TRAIN)), (*valid, model._drawn(VALID))
    start = gradients_of(model, train)
    return start, second_orders(model, train, valid), model._move(train, valid)


@each_quantity("dartsminus")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def _weight(edge, epoch):
    return edge.settled(None, Progress(tf.constant(0), tf.constant(epoch))).numpy()


def test_golden_weight(golden_folder):
    expected = read_json(golden_folder, "dartsminus")["beta"]
    assert _weight(METHOD.edge, EPOCH) == pytest.approx(expected, rel=TOLERANCE)


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
