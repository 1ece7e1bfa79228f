"""GDAS on DARTS' network against numbers of float64.

The draws are those of its authors' code, the network is that of DARTS' authors.
"""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.edges.edge_layer import EdgeLayer
from darts_tf.method.relaxations import softmax
from darts_tf.method.sampled_relaxations import GumbelSoftmax
from darts_tf.method.selections import StrongestPairs
from darts_tf.method.slots import Edge
from darts_tf.space.search_space import convolutional_space
from tests.variants.gdas_draws import KINDS, METHOD, named_draw, recorded_draw
from tests.variants.golden_variants import (
    batch,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    named_weights,
    read_json,
    runs,
)


class AddedNumbers(Edge):
    """Each edge adds the coefficient `added` to all that it gives, if there is one."""

    def layer(self, mixed_op, channels, stride, num_targets, **arguments):
        return _AddingEdges(mixed_op, **arguments)


class _AddingEdges(EdgeLayer):
    def edges(self, inputs, coefficients, arguments, added=None, **of_edges):
        outputs = self.mixed_op(
            inputs=inputs, coefficients=coefficients, **arguments, **of_edges
        )
        if added is None:
            return outputs
        return [output + number for output, number in zip(outputs, tf.unstack(added))]


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"gdas_darts_space": _compute})


def _compute(golden, settings):
    method = dataclasses.replace(METHOD, edge=AddedNumbers())
    network = make_network(golden, settings, method)
    model = make_model(network)

    @compiled
    def passes(images, labels, drawn):
        w, alpha = model._values()
        objective = model.network_loss.on_batch(images, labels, drawn)
        coefficients = {
            kind: {**of_kind, "added": tf.zeros_like(of_kind["operations"][:, :1])}
            for kind, of_kind in objective.relax(alpha).items()
        }
        at_coefficients = objective.of_coefficients.gradients(w, coefficients)
        return objective.gradients(w, alpha), at_coefficients.alpha

    results = {}
    for name, temperature in settings["tau"].items():
        drawn = recorded_draw(golden, name, temperature)
        results |= named_draw(network, name, drawn)
        half = name.partition("_")[0]
        found, of_coefficients = passes(*batch(golden, half), drawn)
        results[f"logits_{name}_0"] = found.aux[0]
        results[f"loss_{name}_0"] = found.loss
        results |= named_alphas("grad_", network, found.alpha, f"/{name}")
        results |= _through_the_softmax(network, name, drawn, of_coefficients)
        if name == "train":
            results |= named_weights("grad_w/", network, found.w)
    return results


def _through_the_softmax(network, name, drawn, gradients):
    """Gradients in alpha if all coefficients, not the drawn ones alone, have theirs.

    `dense`: of sums of all operations. `nb201`: of sums of those that are drawn, to
    which the coefficients of the others, which are 0, are added as numbers.
    """
    results = {}
    for kind, alpha in zip(KINDS, network.alphas):
        x, own = tf.convert_to_tensor(alpha), drawn[kind][0]
        hard = METHOD.relaxation.coefficients(None, {"alpha": x}, own)
        dense, added = (gradients[kind][part] for part in ("operations", "added"))
        in_coefficients = {"dense": dense, "nb201": tf.where(hard == 1, dense, added)}
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            soft = GumbelSoftmax().coefficients(None, {"alpha": x}, own)
        for form, gradient in in_coefficients.items():
            in_alpha = tape.gradient(soft, x, gradient)
            results[f"{form}/grad_alphas_{kind}/{name}"] = in_alpha
    return results


@each_quantity("gdas_darts_space")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.parametrize("form", ["dense", "nb201"])
def test_golden_gradient_of_all_coefficients(run, form, record_property):
    check_quantity(*run("gdas_darts_space"), f"{form}/*", record_property)


def test_golden_derivations(golden_folder):
    content = read_json(golden_folder, "gdas_derive")
    space = convolutional_space(content["primitives"])
    for case in content["cases"]:
        strengths = {kind: softmax(np.array(case[f"alphas_{kind}"])) for kind in KINDS}
        genotype = StrongestPairs().genotype(space, strengths)
        for kind, cell in genotype.cells.items():
            assert cell.to_lists() == case["genotype"][kind]
            assert list(cell.outputs) == case["genotype"][f"{kind}_concat"]
