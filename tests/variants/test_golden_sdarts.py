"""SDARTS against numbers that its authors' code computed in float64."""

import types
from unittest import mock

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import load_golden_statistics
from darts_tf.method import perturbations
from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.perturbations import (
    AdversarialPerturbation,
    RandomPerturbation,
    on_simplex,
)
from darts_tf.method.slots import Progress
from tests.variants.golden_variants import (
    TOLERANCE,
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

KINDS = ("normal", "reduce")
# The radius is that of the first epoch.
FIRST = Progress(tf.constant(0), tf.constant(0))
PERTURBATIONS = {
    "rs_0.03": RandomPerturbation(first_radius=0.03),
    "rs_0.3": RandomPerturbation(first_radius=0.3),
    "adv_0.03": AdversarialPerturbation(first_radius=0.03),
    "adv_0.3": AdversarialPerturbation(first_radius=0.3),
    "adv_0.3_no_start": AdversarialPerturbation(first_radius=0.3, random_start=False),
    "adv_0.3_batch_statistics": AdversarialPerturbation(
        first_radius=0.3, of_training=True
    ),
}


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"sdarts": _compute})


def _compute(golden, settings):
    network = make_network(golden, settings)
    load_golden_statistics(network, golden)
    model = make_model(network)
    passes = _compiled_passes(model, batch(golden, "train"))
    results = {"clip/out": on_simplex(tf.constant(golden["clip/in"]))}
    results |= _unperturbed(golden, model, passes)
    for name, perturbation in PERTURBATIONS.items():
        of_name = _perturbed(golden, model, passes, name, perturbation)
        results |= {f"{name}/{key}": value for key, value in of_name.items()}
    return results


def _compiled_passes(model, train):
    """Functions of the coefficients of the operations, for the training batch."""

    @compiled
    def in_weights(coefficients):
        return gradients_at_coefficients(model, train, coefficients)

    def in_coefficients(training, coefficients):
        w, _ = model._values()
        objective = model.network_loss.on_batch(*train).of_coefficients
        return objective.alpha_gradients(w, coefficients, training=training)

    return types.SimpleNamespace(
        in_weights=in_weights, in_coefficients=compiled(in_coefficients)
    )


def _unperturbed(golden, model, passes):
    """The passes at the softmax of alpha."""

    @compiled
    def of_valid(*batch):
        return model.network_loss.on_batch(*batch).alpha_gradients(*model._values())

    valid = of_valid(*batch(golden, "valid"))
    coefficients = model.network.coefficients()
    plain = {kind: of_kind[OPERATIONS] for kind, of_kind in coefficients.items()}
    evaluated = passes.in_coefficients(False, coefficients)
    return {
        "loss_valid/0": valid.loss,
        **named_alphas("first_order/0/", model.network, valid.alpha),
        "loss_train_0_without_perturbation": passes.in_weights(plain).loss,
        "logits_eval": evaluated.aux[0],
    }


def _perturbed(golden, model, passes, name, perturbation):
    """What the file holds of a perturbation, and of the step of w there."""
    seen = _Seen(passes, perturbation)
    draws = [
        golden[f"{name}/uniform_{kind}"] / perturbation.radius_at(FIRST)
        for kind in KINDS
        if f"{name}/uniform_{kind}" in golden
    ]
    base = model.network.coefficients()
    with (
        mock.patch.object(tf.random, "stateless_uniform", side_effect=draws),
        mock.patch.object(perturbations, "on_simplex", seen.on_simplex),
    ):
        found = perturbation.perturbed(base, seen.gradients, [0, 0], FIRST)
    found = {kind: of_kind[OPERATIONS] for kind, of_kind in found.items()}
    results = {f"coefficients_{kind}": found[kind] for kind in KINDS}
    if name.startswith("adv"):
        results |= seen.named(base, found)
    gradients = passes.in_weights(found)
    results["logits"] = gradients.aux[0]
    results["loss"] = gradients.loss
    results["grad_norm"] = tf.linalg.global_norm(gradients.w)
    weights = named_weights("grad_w/", model.network, gradients.w)
    return results | {k: x for k, x in weights.items() if f"{name}/{k}" in golden}


class _Seen:
    """What a perturbation asks for on its way."""

    def __init__(self, passes, perturbation):
        self._passes, self._perturbation = passes, perturbation
        self._losses, self._gradients, self._points = [], [], []

    def gradients(self, coefficients):
        training = self._perturbation.batch_statistics
        found = self._passes.in_coefficients(training, coefficients)
        self._losses.append(found.loss)
        self._gradients.append(found.alpha)
        return found.loss, found.alpha

    def on_simplex(self, matrix):
        self._points.append(on_simplex(matrix))
        return self._points[-1]

    def named(self, base, found):
        points, results = list(zip(self._points[::2], self._points[1::2])), {}
        if self._perturbation.random_start:
            start = points.pop(0)
            results |= {f"start_{kind}": x for kind, x in zip(KINDS, start)}
        for kind, iterates in zip(KINDS, zip(*points)):
            results[f"iterates_{kind}"] = np.stack(iterates)
            # The first and the last one are of the loss alone.
            gradients = [g[kind][OPERATIONS] for g in self._gradients[1:-1]]
            results[f"gradients_{kind}"] = np.stack(gradients)
            results[f"delta_{kind}"] = found[kind] - base[kind][OPERATIONS]
        return results | {"losses": np.stack(self._losses)}


@each_quantity("sdarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_radii(golden_folder):
    for epoch, radius in read_json(golden_folder, "sdarts")["eps_schedule"].items():
        progress = Progress(tf.constant(0), tf.constant(int(epoch)))
        found = RandomPerturbation().radius_at(progress)
        np.testing.assert_allclose(found, radius, rtol=TOLERANCE)
