"""DrNAS against numbers that its authors' code computed in float64.

Its network is a function of the samples. What leads from those to alpha is PyTorch's
here, as it was recorded; our own is compared in the tests of the Dirichlet relaxation.
"""

import dataclasses
import fnmatch
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import KERNEL_NAMES, golden_views
from darts_tf.convolutional import stages
from darts_tf.convolutional.carried_weights import CarriedWeights
from darts_tf.convolutional.edges.partial_channels import PartialChannels
from darts_tf.convolutional.stages import FewerOperations
from darts_tf.method import architecture_gradient
from darts_tf.method.architecture_gradient import Objective
from darts_tf.method.methods import DARTS
from darts_tf.method.network_loss import RelaxedObjective
from darts_tf.method.sampled_relaxations import Dirichlet, concentration
from darts_tf.method.search.architecture_search import VALID
from darts_tf.method.terms import DirichletDivergence
from darts_tf.methods.preset import WITHOUT_NONE as DRNAS_OPERATIONS
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from tests.variants.dirichlet_derivative import jacobian_of_dirichlet
from tests.variants.golden_variants import (
    TOLERANCE,
    after_adam,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    genotype_lists,
    gradients_at_coefficients,
    make_model,
    make_network,
    named_alphas,
    named_weights,
    of_kinds,
    relative_error,
    runs,
)

# The second one adds partial channels, and what is made of them.
FILES = ("drnas_k1", pytest.param("drnas_k6", marks=pytest.mark.long))
HALVES = ("train", "valid")
# How far PyTorch's derivative of a draw is from the exact one.
OF_TORCH = 1e-4


@keras.saving.register_keras_serializable("test_golden_drnas")
@dataclasses.dataclass(frozen=True)
class Recorded(Dirichlet):
    """A recorded sample with a recorded Jacobian."""

    def coefficients(self, space, values, drawn=None):
        sample, jacobian = drawn
        alpha = values["alpha"]
        change = alpha - tf.stop_gradient(alpha)
        return sample + tf.linalg.matvec(jacobian, change)


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, dict.fromkeys(("drnas_k1", "drnas_k6"), _compute))


@pytest.fixture(scope="module")
def run_second_order(golden_folder, float64_module):
    names = ("drnas_k1", "drnas_k6")
    return runs(golden_folder, dict.fromkeys(names, _compute_second_order))


def _model_and_passes(golden, settings):
    """A search, and for each half its batch and what was drawn for it."""
    method = dataclasses.replace(
        DARTS,
        relaxation=Recorded(),
        edge=PartialChannels(settings["network"]["K"], normalized=False),
        terms=(DirichletDivergence(settings["reg_scale"]),),
    )
    network = make_network(golden, settings, method)
    halves = [_of_half(golden, half) for half in HALVES]
    return make_model(network, MomentumSGD(0.1)), halves


def _compute(golden, settings):
    model, halves = _model_and_passes(golden, settings)
    network, found = model.network, compiled(_passes)(model, halves)
    valid = found["alpha/valid"]
    results = {
        **_named_passes(network, found),
        **_divergence(golden, model, valid, settings["arch_step"]),
        **_pruned(golden, network),
    }
    if settings["network"]["K"] == 6:
        results |= _wider(golden, network)
    return results


def _compute_second_order(golden, settings):
    model, halves = _model_and_passes(golden, settings)
    found, in_samples = compiled(_second_order)(model, halves)
    name = "exact_second_order/0/"
    return {
        "unrolled_valid_loss/0": found.loss,
        **named_alphas(name, model.network, found.alpha),
        **{
            f"{name}sample_{half}_{kind}": of_kind["operations"]
            for half, of_half in zip(HALVES, in_samples)
            for kind, of_kind in of_half.items()
        },
    }


def _of_half(golden, half):
    """A batch, and what was drawn for it."""
    samples = of_kinds(golden, f"sample/{half}/")
    jacobians = of_kinds(golden, f"jacobian/{half}/")
    drawn = {kind: [(samples[kind], jacobians[kind]), None] for kind in samples}
    return batch(golden, half), drawn


class InSamples(Objective):
    """An objective in w and the samples that remembers its last gradient in those."""

    def __init__(self, objective):
        self.objective = objective

    def gradients(self, w, samples):
        found = self.objective.gradients(w, samples)
        self.found = found.alpha
        return found

    def w_gradients(self, w, samples):
        return self.objective.w_gradients(w, samples)

    def mixed_product(self, w, samples, v):
        self.found = self.objective.mixed_product(w, samples, v)
        return self.found


def _objectives(model, halves):
    """Those of both halves, which remember their gradients in the samples."""
    for each, drawn in halves:
        objective = model.network_loss.on_batch(*each, drawn)
        in_samples = InSamples(objective.of_coefficients)
        yield RelaxedObjective(in_samples, objective.relax)


def _passes(model, halves):
    """`Gradients` in alpha of both halves, and gradients in the samples."""
    found = {}
    for half, objective in zip(HALVES, _objectives(model, halves)):
        found[f"alpha/{half}"] = objective.gradients(*model._values())
        found[f"sample/{half}"] = objective.of_coefficients.found
    return found


def _second_order(model, halves):
    """`Gradients` of second order in alpha, and those in the samples of each half."""
    w, alpha = model._values()
    objectives = [*_objectives(model, halves)]
    learning_rate = tf.cast(model.optimizer.learning_rate, tf.float64)
    found = architecture_gradient.second_order(
        *objectives,
        w,
        alpha,
        learning_rate,
        lambda gradients: model.optimizer.direction(gradients, w),
    )
    product, unrolled = (objective.of_coefficients.found for objective in objectives)
    product = tf.nest.map_structure(lambda x: -learning_rate * x, product)
    return found, (product, unrolled)


def _named_passes(network, found):
    results = {}
    for half in HALVES:
        in_alpha = found[f"alpha/{half}"]
        results[f"logits_{half}_0"] = in_alpha.aux[0]
        results[f"loss_{half}_0"] = in_alpha.loss
        results |= named_alphas("grad_", network, in_alpha.alpha, f"/{half}")
        for kind, gradient in found[f"sample/{half}"].items():
            results[f"grad_sample_{kind}/{half}"] = gradient["operations"]
    results |= named_weights("grad_w/", network, found["alpha/train"].w)
    return results


def _divergence(golden, model, valid, step):
    """What the files hold of the divergence, and of both steps of alpha."""
    network = model.network
    _, alpha = model._values()
    zeros = valid._replace(alpha=[tf.zeros_like(x) for x in alpha])
    of_both, of_term = (
        model._with_terms(found, alpha, VALID).alpha for found in (valid, zeros)
    )
    (term,) = model.method.terms
    value = term.value(network.architecture.by_kind(alpha), model._progress())
    results = {
        "kl/value": value,
        **named_alphas("kl/grad_", network, of_term),
        "loss_valid_with_kl": valid.loss + value,
        **named_alphas("first_order/0/", network, of_both),
    }
    for name, decay, gradients in (("kl", 0.0, of_both), ("l2", 1e-3, valid.alpha)):
        rate, betas = step["arch_learning_rate"], step["arch_betas"]
        adam = CoupledAdam(rate, *betas, coupled_weight_decay=decay)
        moved = after_adam(adam, alpha, gradients)
        results |= named_alphas(f"alphas_after_{name}/", network, moved)
    for kind, x in zip(network.space.kinds, alpha):
        results[f"concentration/{kind}"] = concentration(x)
        for half in HALVES:
            sample = golden[f"sample/{half}/{kind}"]
            results[f"jacobian_exact/{half}/{kind}"] = _jacobian(x, sample)
    return results


def _jacobian(alpha, sample):
    """That of the sample in alpha, exactly."""
    concentrations = concentration(alpha).numpy()
    # The slope of elu.
    slope = np.where(np.asarray(alpha) > 0, 1, concentrations)
    return jacobian_of_dirichlet(concentrations, sample) * slope[:, None, :]


def _pruned(golden, network):
    """The pass of the network of four operations an edge, with recorded samples."""
    pruned = FewerOperations(25, operations=4).changed(network)
    model = make_model(pruned)
    samples = {
        kind: tf.constant(golden[f"pruned/sample_{kind}"][mask].reshape([-1, 4]))
        for kind, mask in _masks(golden).items()
    }

    @compiled
    def gradients(*batch):
        return gradients_at_coefficients(model, batch, samples)

    found = gradients(*batch(golden, "valid"))
    return {
        "pruned/logits": found.aux[0],
        "pruned/loss": found.loss,
        "space": pruned.space,
        "alphas": dict(zip(pruned.space.kinds, map(np.array, pruned.alphas))),
        "genotype": genotype_lists(pruned.genotype()),
        **_in_all_alphas(golden, found.alpha),
    }


def _in_all_alphas(golden, gradients):
    """Gradients in alpha where all are drawn, and those that are left add up to 1."""
    results = {}
    for kind, mask in _masks(golden).items():
        sample, full = (golden[f"pruned/{x}sample_{kind}"] for x in ("", "full_"))
        in_sample = np.zeros(mask.shape)
        in_sample[mask] = np.ravel(gradients[kind])
        mean = np.sum(in_sample * sample, axis=1, keepdims=True)
        total = np.sum(full, axis=1, keepdims=True, where=mask)
        in_full = np.where(mask, in_sample - mean, 0) / total
        jacobian = _jacobian(tf.constant(golden[f"pruned/alphas_{kind}"]), full)
        results[f"pruned/exact_{kind}"] = np.einsum("ej,eji->ei", in_full, jacobian)
    return results


def _masks(golden):
    return {kind: golden[f"pruned/mask_{kind}"] for kind in ("normal", "reduce")}


def _wider(golden, network):
    """The network of a quarter of the channels, copied as it is recorded."""
    primitives = network.primitives

    def recorded(side, size, count):
        cell, row, _, primitive, kernel, which = side
        column, index = primitives.index(primitive), which.removesuffix("puts")
        name = f"cells.{cell}._ops.{row}._ops.{column}.{KERNEL_NAMES[kernel]}.weight"
        copied = golden[f"wider/{index}_index/{name}"]
        assert len(copied) == count and copied.max() < size
        return copied

    stage = FewerOperations(25, edge=PartialChannels(4, normalized=False))
    wider = stage.rebuilt(network, network.space)
    stages._carry_network(CarriedWeights(network, wider, recorded))
    images, _ = batch(golden, "valid")
    samples = of_kinds(golden, "pruned/sample_")
    coefficients = {kind: {"operations": x} for kind, x in samples.items()}
    logits = wider(images, training=True, coefficients=coefficients)
    views = golden_views(wider, [variable.numpy() for variable in wider.weights_w])
    named = {f"wider/param/{name}": view for name, view in views.items()}
    return {"wider/logits": logits, **named}


each_file = pytest.mark.parametrize("name", FILES)


@each_quantity(*FILES, order="first")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.long
@each_quantity("drnas_k1", "drnas_k6", order="second")
def test_golden_second_order(run_second_order, name, pattern, record_property):
    check_quantity(*run_second_order(name), pattern, record_property)


@each_file
def test_golden_genotype(run, name):
    golden, results = run(name)
    expected = json.loads(str(golden["pruned/genotype"]))
    assert expected == {kind: results["genotype"][kind] for kind in expected}


@each_file
def test_golden_operations_of_the_second_stage(run, name):
    golden, results = run(name)
    for kind, mask in _masks(golden).items():
        cell = results["space"].of(kind)
        names = np.array(DRNAS_OPERATIONS)
        expected = tuple(tuple(names[of_edge]) for of_edge in mask)
        assert cell.operations == expected and not cell.keeps_none
        alphas = golden[f"pruned/alphas_{kind}"][mask].reshape([-1, 4])
        np.testing.assert_array_equal(results["alphas"][kind], alphas)
        of_kept = np.where(mask, golden[f"pruned/full_sample_{kind}"], 0)
        of_kept /= of_kept.sum(axis=1, keepdims=True)
        expected = golden[f"pruned/sample_{kind}"]
        np.testing.assert_allclose(of_kept, expected, rtol=TOLERANCE, atol=0)


@each_file
def test_golden_gradient_in_all_alphas(run, name, record_property):
    golden, results = run(name)
    for kind in _masks(golden):
        found = results[f"pruned/exact_{kind}"]
        error = relative_error(found, golden[f"pruned/grad_alphas_{kind}"])
        record_property("largest relative error", f"{error:.1e}")
        assert error <= OF_TORCH


@pytest.mark.long
def test_golden_widening(run):
    golden, results = run("drnas_k6")
    names = fnmatch.filter(golden, "wider/param/*")
    assert len(names) > 100
    for name in names:
        np.testing.assert_array_equal(results[name], golden[name], err_msg=name)
    others = [x for x in fnmatch.filter(results, "wider/param/*") if x not in names]
    for name in others:
        unchanged = golden[name.removeprefix("wider/")]
        np.testing.assert_array_equal(results[name], unchanged, err_msg=name)
