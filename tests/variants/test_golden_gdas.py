"""GDAS on DARTS' network against numbers of float64.

The draws are those of its authors' code, the network is that of DARTS' authors.
"""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.relaxations import softmax
from darts_tf.method.sampled_relaxations import GumbelSoftmax
from darts_tf.method.selections import StrongestPairs
from darts_tf.space.search_space import convolutional_space
from tests.variants.gdas_draws import KINDS, METHOD, named_draw, recorded_draw
from tests.variants.golden_variants import (
    batch,
    check_quantity,
    compiled,
    each_quantity,
    gradients_at_coefficients,
    make_model,
    make_network,
    named_alphas,
    named_weights,
    read_json,
    runs,
)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"gdas_darts_space": _compute})


def _compute(golden, settings):
    network = make_network(golden, settings, METHOD)
    model = make_model(network)

    @compiled
    def passes(images, labels, drawn):
        w, alpha = model._values()
        objective = model.network_loss.on_batch(images, labels, drawn)
        coefficients = {k: c["operations"] for k, c in objective.relax(alpha).items()}
        dense = gradients_at_coefficients(model, (images, labels), coefficients)
        return objective.gradients(w, alpha), dense.alpha

    results = {}
    for name, temperature in settings["tau"].items():
        drawn = recorded_draw(golden, name, temperature)
        results |= named_draw(network, name, drawn)
        half = name.partition("_")[0]
        found, dense = passes(*batch(golden, half), drawn)
        results[f"logits_{name}_0"] = found.aux[0]
        results[f"loss_{name}_0"] = found.loss
        results |= named_alphas("grad_", network, found.alpha, f"/{name}")
        results |= _dense(network, name, drawn, dense)
        if name == "train":
            results |= named_weights("grad_w/", network, found.w)
    return results


def _dense(network, name, drawn, gradients):
    """The gradient in alpha if all coefficients have that of the softmax."""
    results = {}
    for kind, alpha in zip(KINDS, network.alphas):
        x = tf.convert_to_tensor(alpha)
        with tf.GradientTape() as tape:
            tape.watch(x)
            soft = GumbelSoftmax().coefficients(None, {"alpha": x}, drawn[kind][0])
        in_alpha = tape.gradient(soft, x, gradients[kind])
        results[f"dense/grad_alphas_{kind}/{name}"] = in_alpha
    return results


@each_quantity("gdas_darts_space")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_dense_gradient(run, record_property):
    check_quantity(*run("gdas_darts_space"), "dense/*", record_property)


def test_golden_derivations(golden_folder):
    content = read_json(golden_folder, "gdas_derive")
    space = convolutional_space(content["primitives"])
    for case in content["cases"]:
        strengths = {kind: softmax(np.array(case[f"alphas_{kind}"])) for kind in KINDS}
        genotype = StrongestPairs().genotype(space, strengths)
        for kind, cell in genotype.cells.items():
            assert cell.to_lists() == case["genotype"][kind]
            assert list(cell.outputs) == case["genotype"][f"{kind}_concat"]
