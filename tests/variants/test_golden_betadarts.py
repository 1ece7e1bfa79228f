"""Beta-DARTS against numbers that its authors' code computed in float64."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.search.architecture_search import VALID
from darts_tf.method.slots import Progress
from darts_tf.method.terms import LogSumExp
from darts_tf.optimization.optimizers import CoupledAdam
from tests.variants.golden_variants import (
    after_adam,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    read_json,
    runs,
)

METHOD = dataclasses.replace(DARTS, terms=(LogSumExp(),))
EPOCHS = (0, 10, 49, 99)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"betadarts": _compute})


def _compute(golden, settings):
    network = make_network(golden, settings, METHOD)
    model = make_model(network)

    @compiled
    def gradients(*batch):
        return model.network_loss.on_batch(*batch).alpha_gradients(*model._values())

    found = gradients(*batch(golden, "valid"))
    results = {
        "logits_valid_0": found.aux[0],
        "loss_valid/0": found.loss,
        **named_alphas("first_order/0/", network, found.alpha),
        **_regularizers(network),
    }
    for epoch in EPOCHS:
        results |= _in_epoch(model, found, epoch)
    return results


def _regularizers(network):
    """The term with the weight 1, of each kind of cell and of both."""
    values = {
        kind: tf.convert_to_tensor(alpha)
        for kind, alpha in zip(network.space.kinds, network.alphas)
    }
    results = {}
    for name, kinds in {
        "normal": ["normal"],
        "reduce": ["reduce"],
        "all_edges": ["normal", "reduce"],
    }.items():
        of_kinds = {kind: values[kind] for kind in kinds}
        with tf.GradientTape() as tape:
            tape.watch(of_kinds)
            nested = {kind: {"alpha": x} for kind, x in of_kinds.items()}
            value = LogSumExp(1.0).value(nested, Progress(0, 1))
        results[f"regularizer/{name}"] = value
        for kind, gradient in tape.gradient(value, of_kinds).items():
            suffix = f"_{kind}" if len(kinds) > 1 else ""
            results[f"regularizer_grad/{name}{suffix}"] = gradient
    return results


def _in_epoch(model, found, epoch):
    """The gradient with the term in an epoch, and alpha after a step by it."""
    model._epoch.assign(epoch)
    _, alpha = model._values()
    of_both = model._with_terms(found, alpha, VALID).alpha
    moved = after_adam(CoupledAdam(), alpha, of_both)
    named = {
        f"alphas_after_{kind}/epoch_{epoch}": x
        for kind, x in zip(model.network.space.kinds, moved)
    }
    suffix = f"/epoch_{epoch}"
    return named | named_alphas("grad_", model.network, of_both, suffix)


@each_quantity("betadarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_weights(golden_folder):
    weights = read_json(golden_folder, "betadarts")["weight"]
    # The term is that weight where log sum exp is 1 on every edge.
    alpha = tf.constant(np.full([3, 7], 1 - np.log(7)))
    for epoch, weight in weights.items():
        progress = Progress(tf.constant(0), tf.constant(int(epoch)))
        value = LogSumExp().value({"normal": {"alpha": alpha}}, progress)
        np.testing.assert_allclose(value, weight, rtol=1e-14)
