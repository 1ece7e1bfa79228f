"""GDAS' own network against numbers that its authors' code computed in float64."""

import dataclasses
import functools
import json
import re

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import golden_views, stem_views
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.method.relaxations import softmax
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from tests.variants.gdas_draws import KINDS, METHOD, named_draw, recorded_draw
from tests.variants.golden_variants import (
    TOLERANCE,
    after_step,
    at_the_start,
    batch,
    check_equal,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    relative_error,
    runs,
    weights_after,
)

# The authors' operations by the names of ours.
OPERATIONS = {
    "none": "none",
    "skip_connect": "skip_connect",
    "dua_sepc_3x3": "sep_conv_3x3",
    "dua_sepc_5x5": "sep_conv_5x5",
    "dil_sepc_3x3": "dil_conv_3x3",
    "dil_sepc_5x5": "dil_conv_5x5",
    "avg_pool_3x3": "avg_pool_3x3",
    "max_pool_3x3": "max_pool_3x3",
}


def _ends(network, array):
    return {
        **stem_views(network, array),
        "lastact.0.weight": array(network.last_normalization.scale),
        "lastact.0.bias": array(network.last_normalization.offset),
    }


VIEWS = functools.partial(golden_views, of_ends=_ends)


def _renamed(key):
    """The name of an array as the files of DARTS' network have it."""
    for pattern, name in {
        r"edges\.0<-(\d)": r"_ops.\1",
        r"edges\.1<-0": "_ops.2",
        r"edges\.1<-1": "_ops.3",
        r"edges\.1<-2": "_ops.4",
        r"op_a\.op\.1": "op.1",
        r"op_a\.op\.2": "op.2",
        r"op_b\.op\.1": "op.5",
        r"op_b\.op\.2": "op.6",
        r"convs\.0": "conv_1",
        r"convs\.1": "conv_2",
    }.items():
        key = re.sub(pattern, name, key)
    return key


@pytest.fixture(scope="module")
def run(golden_folder, float64_module):
    return runs(golden_folder, {"gdas_nasnet": _compute}, _renamed)


def _compute(golden, settings):
    for name in settings["biases_without_effect"]:
        assert not np.any(golden.pop(_renamed(f"param/{name}")))
    skeleton = dataclasses.replace(
        darts_skeleton(3, settings["network"]["C"]),
        last_normalized=True,
        normalized_pools=False,
    )
    primitives = [OPERATIONS[name] for name in settings["primitives"]]
    network = make_network(
        golden, settings, METHOD, views=VIEWS, primitives=primitives, skeleton=skeleton
    )
    step = settings["step"]
    optimizer = MomentumSGD(
        step["lr"], step["momentum"], step["weight_decay"], step["nesterov"]
    )
    model = make_model(
        network, optimizer, CoupledAdam(step["arch_lr"]), clip_with_alpha=True
    )
    results = {"genotype": network.genotype(), "strengths": _strengths(network)}
    results |= _two_steps(golden, settings, model)
    return results


def _strengths(network):
    return {kind: softmax(alpha) for kind, alpha in zip(KINDS, network.alphas)}


def _two_steps(golden, settings, model):
    """Two steps as PyTorch took them then, and as every kernel takes them.

    At that time a kernel that no pass had drawn had no gradient at all, so that it did
    not decay. Ours decays, as in `w_after_dense`.
    """
    network, results = model.network, {}
    steps = model._weight_step, model._architecture_step
    move_w, move_alpha = map(compiled, steps)
    initial = [variable.numpy() for variable in model.state_variables]
    first = [v.numpy() for v in (*network.weights_w, *model.optimizer.buffers)]
    never_drawn = set(VIEWS(network, first[: len(network.weights_w)]))
    for step, (drawn, batches) in enumerate(_draws_and_batches(golden, settings)):
        results |= named_draw(network, f"train_{step}", drawn[0])
        results |= _of_weights(network, step, *move_w(batches[0]))
        never_drawn -= _drawn_kernels(network, results, f"train_{step}")
        _restore(model, first, never_drawn)
        results |= named_draw(network, f"valid_{step}", drawn[1])
        results |= _of_alpha(network, step, move_alpha(*batches))
        never_drawn -= _drawn_kernels(network, results, f"valid_{step}")
        results |= after_step(network, step, VIEWS)
    for variable, value in zip(model.state_variables, initial):
        variable.assign(value)
    for step, (_, batches) in enumerate(_draws_and_batches(golden, settings)):
        move_w(batches[0])
        move_alpha(*batches)
        results |= weights_after(network, f"w_after_dense/{step}/", VIEWS)
    return results


def _draws_and_batches(golden, settings):
    """What was drawn for each step, and its two batches with that."""
    halves = ("train", "valid")
    for step, temperature in enumerate(settings["tau"]):
        names = [f"{half}_{step}" for half in halves]
        drawn = [recorded_draw(golden, name, temperature) for name in names]
        yield drawn, [(*batch(golden, h, step), d) for h, d in zip(halves, drawn)]


def _of_weights(network, step, weights, norm):
    results = {
        f"logits_train_{step}": weights.aux[0],
        f"loss_train_{step}": weights.loss,
        f"grad_norm_w_and_alpha/{step}": norm,
        f"grad_norm_w/{step}": tf.linalg.global_norm(weights.w),
    }
    if step == 0:
        return results | at_the_start(network, weights, views=VIEWS)
    return results | named_alphas("grad_", network, weights.alpha, f"/{step}")


def _of_alpha(network, step, architecture):
    return {
        f"logits_valid_{step}": architecture.aux[0],
        f"loss_valid/{step}": architecture.loss,
        **named_alphas(f"first_order/{step}/", network, architecture.alpha),
    }


def _drawn_kernels(network, results, name):
    """Names of the kernels that a pass computes with."""
    names = set(VIEWS(network, [v.numpy() for v in network.weights_w]))
    drawn = {name for name in names if "._ops." not in name}
    for index, placed in enumerate(network.skeleton.cells):
        for edge, column in enumerate(results[f"index/{name}/{placed.kind}"].numpy()):
            start = f"cells.{index}._ops.{edge}._ops.{column}."
            drawn |= {name for name in names if name.startswith(start)}
    return drawn


def _restore(model, initial, names):
    """Gives kernels and their momentum the values that they had at first."""
    variables = model.network.weights_w
    for some, old in (
        (variables, initial[: len(variables)]),
        (model.optimizer.buffers, initial[len(variables) :]),
    ):
        values = [variable.numpy() for variable in some]
        views, old_views = VIEWS(model.network, values), VIEWS(model.network, old)
        for name in names:
            views[name][...] = old_views[name]
        for variable, value in zip(some, values):
            variable.assign(value)


def test_golden_norm_of_second_step(run, record_property):
    """The authors' norm has the gradient in alpha of the validation loss, too.

    Nothing sets that one to zero before the next step of w.
    """
    golden, results = run("gdas_nasnet")
    name = "grad_norm_w_and_alpha/1"
    parts = [results["grad_norm_w/1"]]
    for kind in KINDS:
        of_valid = results[f"first_order/0/alphas_{kind}"]
        parts.append(results[f"grad_alphas_{kind}/1"] + of_valid)
    check_equal({name: tf.linalg.global_norm(parts)}, golden, record_property)
    own = tf.linalg.global_norm(
        [parts[0], *(results[f"grad_alphas_{kind}/1"] for kind in KINDS)]
    )
    assert relative_error(results[name], own) <= TOLERANCE


@each_quantity("gdas_nasnet")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_golden_genotype(run, record_property):
    golden, results = run("gdas_nasnet")
    expected = json.loads(str(golden["genotype"]))
    errors = []
    for kind in KINDS:
        cell = results["genotype"].cells[kind]
        assert list(cell.outputs) == expected[f"{kind}_concat"]
        for node, (edges, golden_edges) in enumerate(zip(cell.nodes, expected[kind])):
            assert len(edges) == len(golden_edges)
            for edge, (name, source, strength) in zip(edges, golden_edges):
                assert (edge.primitive, edge.source) == (OPERATIONS[name], source)
                row = 2 * node + source
                column = list(OPERATIONS).index(name)
                own = results["strengths"][kind][row, column]
                errors.append(relative_error(own, strength))
    record_property("largest relative error", f"{max(errors):.1e} in {len(errors)}")
    assert max(errors) <= TOLERANCE
