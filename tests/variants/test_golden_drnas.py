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
from darts_tf.method.terms import DirichletDivergence
from darts_tf.methods.preset import WITHOUT_NONE as DRNAS_OPERATIONS
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
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
    runs,
)

FILES = ("drnas_k1", "drnas_k6")
HALVES = ("train", "valid")


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
    return runs(golden_folder, dict.fromkeys(FILES, _compute))


def _compute(golden, settings):
    method = dataclasses.replace(
        DARTS,
        relaxation=Recorded(),
        edge=PartialChannels(settings["network"]["K"], normalized=False),
        terms=(DirichletDivergence(settings["reg_scale"]),),
    )
    network = make_network(golden, settings, method)
    model = make_model(network, MomentumSGD(0.1))
    batches, drawn = zip(*(_of_half(golden, half) for half in HALVES))
    found = compiled(_passes)(model, batches, drawn)
    valid = found["alpha/valid"]
    results = {
        **_named_passes(network, found),
        **_divergence(model, valid, settings["arch_step"]),
        **_pruned(golden, network),
    }
    if settings["network"]["K"] == 6:
        results |= _wider(golden, network)
    return results


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


def _passes(model, batches, drawn):
    """All `Gradients` in alpha, and gradients in the samples."""
    w, alpha = model._values()
    objectives = []
    for each, own in zip(batches, drawn):
        objective = model.network_loss.on_batch(*each, own)
        in_samples = InSamples(objective.of_coefficients)
        objectives.append(RelaxedObjective(in_samples, objective.relax))
    found = {}
    for half, objective in zip(HALVES, objectives):
        found[f"alpha/{half}"] = objective.gradients(w, alpha)
        found[f"sample/{half}"] = objective.of_coefficients.found
    learning_rate = tf.cast(model.optimizer.learning_rate, tf.float64)
    found["second_order"] = architecture_gradient.second_order(
        *objectives,
        w,
        alpha,
        learning_rate,
        lambda gradients: model.optimizer.direction(gradients, w),
    )
    product, unrolled = (objective.of_coefficients.found for objective in objectives)
    found["second_order/train"] = tf.nest.map_structure(
        lambda x: -learning_rate * x, product
    )
    found["second_order/valid"] = unrolled
    return found


def _named_passes(network, found):
    results = {"unrolled_valid_loss/0": found["second_order"].loss}
    name = "exact_second_order/0/"
    results |= named_alphas(name, network, found["second_order"].alpha)
    for half in HALVES:
        in_alpha = found[f"alpha/{half}"]
        results[f"logits_{half}_0"] = in_alpha.aux[0]
        results[f"loss_{half}_0"] = in_alpha.loss
        results |= named_alphas("grad_", network, in_alpha.alpha, f"/{half}")
        for kind, gradient in found[f"sample/{half}"].items():
            results[f"grad_sample_{kind}/{half}"] = gradient["operations"]
            of_half = found[f"second_order/{half}"][kind]["operations"]
            results[f"{name}sample_{half}_{kind}"] = of_half
    results |= named_weights("grad_w/", network, found["alpha/train"].w)
    return results


def _divergence(model, valid, step):
    """What the files hold of the divergence, and of both steps of alpha."""
    network = model.network
    _, alpha = model._values()
    zeros = valid._replace(alpha=[tf.zeros_like(x) for x in alpha])
    of_both = model._with_terms(valid, alpha).alpha
    (term,) = model.method.terms
    value = term.value(network.architecture.by_kind(alpha), model._progress())
    results = {
        "kl/value": value,
        **named_alphas("kl/grad_", network, model._with_terms(zeros, alpha).alpha),
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
    return results


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
    }


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


@each_quantity(*FILES)
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.parametrize("name", FILES)
def test_golden_genotype(run, name):
    golden, results = run(name)
    expected = json.loads(str(golden["pruned/genotype"]))
    assert expected == {kind: results["genotype"][kind] for kind in expected}


@pytest.mark.parametrize("name", FILES)
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
