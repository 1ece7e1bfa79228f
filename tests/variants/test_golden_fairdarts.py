"""FairDARTS against numbers that its authors' code computed in float64."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.methods import DARTS
from darts_tf.method.relaxations import Sigmoid
from darts_tf.method.search.architecture_search import VALID
from darts_tf.method.selections import AboveThreshold
from darts_tf.method.slots import Selection
from darts_tf.method.terms import ZeroOne
from darts_tf.optimization.optimizers import CoupledAdam
from darts_tf.space.search_space import convolutional_space
from tests.variants.golden_variants import (
    after_adam,
    batch,
    check_quantity,
    compiled,
    each_quantity,
    gradients_of,
    make_model,
    make_network,
    named_alphas,
    named_weights,
    read_json,
    runs,
)

METHOD = dataclasses.replace(DARTS, relaxation=Sigmoid())
TERMS = {"l2": True, "l1": False}


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"fairdarts": _compute})


def _compute(golden, settings):
    network = make_network(golden, settings, METHOD)
    model = make_model(network)

    @compiled
    def gradients(*batch):
        return gradients_of(model, batch)

    results = {}
    for half in ("train", "valid"):
        found = gradients(*batch(golden, half))
        results[f"logits_{half}_0"] = found.aux[0]
        results[f"cross_entropy_{half}_0"] = found.loss
        results |= named_alphas("grad_", network, found.alpha, f"/{half}")
        if half == "train":
            results |= named_weights("grad_w/", network, found.w)
    for name, squared in TERMS.items():
        term = ZeroOne(settings["zero_one_weight"], squared)
        of_name = _with_term(model, found, term, settings["arch_step"])
        results |= {f"{name}/{key}": value for key, value in of_name.items()}
    return results


def _with_term(model, of_valid, term, step):
    """What the file holds of the loss of alpha with a term."""
    network = model.network
    network.method = dataclasses.replace(METHOD, terms=(term,))
    _, alpha = model._values()
    zeros = of_valid._replace(alpha=[tf.zeros_like(x) for x in alpha])
    of_term = model._with_terms(zeros, alpha, VALID).alpha
    of_both = model._with_terms(of_valid, alpha, VALID).alpha
    value = term.value(network.architecture.by_kind(alpha), model._progress())
    adam = CoupledAdam(
        step["lr"], *step["betas"], coupled_weight_decay=step["weight_decay"]
    )
    moved = after_adam(adam, alpha, of_both)
    kinds = network.space.kinds
    return {
        "loss": of_valid.loss + value,
        "zero_one": value / term.weight,
        **named_alphas("grad_", network, of_both),
        **named_alphas("zero_one_grad_", network, of_term),
        **{f"alphas_after_{kind}": x for kind, x in zip(kinds, moved)},
    }


@each_quantity("fairdarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


@pytest.mark.parametrize(
    ("name", "operations_per_edge"), [("threshold_sparse", 1), ("threshold_edge", 2)]
)
def test_golden_derivations(golden_folder, name, operations_per_edge):
    content = read_json(golden_folder, "fairdarts_derive")
    selection = AboveThreshold(content["op_threshold"], operations_per_edge)
    compared = 0
    for space, strengths, case in _cases(content):
        expected = _of_existing_nodes(case[name])
        found = [
            [edge.primitive, node, edge.source]
            for node, edges in enumerate(_cell(selection, space, strengths).nodes, 2)
            for edge in edges
        ]
        if expected:
            assert found == expected
            compared += 1
        else:
            assert len(found) == 1
    assert compared > len(content["cases"]) / 2


def _of_existing_nodes(edges):
    """The edges without those that come from a node which has none."""
    kept, existing = [], {0, 1}
    for primitive, node, source in edges:
        if source in existing:
            existing.add(node)
            kept.append([primitive, node, source])
    return kept


def test_golden_derivations_without_threshold(golden_folder):
    for space, strengths, case in _cases(read_json(golden_folder, "fairdarts_derive")):
        cell = _cell(Selection(), space, strengths)
        assert [[edge.primitive, edge.source] for edge in cell.edges] == case["darts"]


def _cases(content):
    space = convolutional_space(content["primitives"])
    for case in content["cases"]:
        arrays = {"alpha": np.array(case["alphas"])}
        yield space, Sigmoid().strengths(space.cells[0], arrays), case


def _cell(selection, space, strengths):
    of_kinds = dict.fromkeys(space.kinds, strengths)
    return selection.genotype(space, of_kinds).cells["normal"]
