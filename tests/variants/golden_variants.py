"""Reads golden numbers of variants, computes the same, and compares."""

import fnmatch
import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import golden_alphas, golden_views, load_golden_weights
from darts_tf.autodiff.custom_gradients import forgettable
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional.forms.form import EDGES
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method import architecture_gradient
from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.methods import DARTS
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from tests.variants.golden_keys import COMPARED, KEYS, SECOND_ORDER

TOLERANCE = 1e-9
RADII = {"finite_difference": 1e-2, "finite_difference_r1e-06": 1e-6}
# That in which all networks are made; the tests of this folder run in each.
form_of_networks = EDGES
# A quotient divides the rounding of its two passes by the radius; only at the
# smallest one does that reach 1e-9.
ROUNDING = {"finite_difference_r1e-06/": 10 * np.finfo("float64").eps / 1e-6}


def read_arrays(golden_folder, name):
    """All arrays of a file, by key."""
    with np.load(golden_folder / "variants" / f"{name}.npz") as content:
        return dict(content)


def read_json(golden_folder, name):
    return json.loads((golden_folder / "variants" / f"{name}.json").read_text())


def runs(golden_folder, functions, renamed=lambda key: key):
    """Returns a function of a file's name that gives its arrays and what we compute.

    Args:
        golden_folder: Where the files lie.
        functions: For each file a function of its arrays and its settings that returns
            results by key. It is called once in each form.
        renamed: Function of a key that gives the name of that array in the network of
            DARTS.
    """

    @functools.cache
    def run(name, form):
        arrays = read_arrays(golden_folder, name)
        golden = {renamed(key): value for key, value in arrays.items()}
        return golden, functions[name](golden, read_json(golden_folder, name))

    return lambda name: run(name, form_of_networks)


def make_network(
    golden,
    settings,
    method=DARTS,
    kind=SearchNetwork,
    views=golden_views,
    **options,
):
    """The network of a file, with its weights.

    Args:
        golden, settings: The content of both files.
        method: Of the network.
        kind: The class of the network.
        views: What serves it in place of `golden_views`.
        **options: Of the network, in place of those that the settings say.
    """
    sizes = settings["network"]
    arguments = {
        "init_channels": sizes["C"],
        "num_cells": sizes.get("layers", 3),
        "num_nodes": sizes["steps"],
        "primitives": settings["primitives"],
        "form": form_of_networks,
        **options,
    }
    network = kind(sizes["num_classes"], method=method, dtype="float64", **arguments)
    images = next(value for key, value in golden.items() if key.startswith("x_"))
    network.build((None, *images.shape[2:], images.shape[1]))
    load_golden_weights(network, golden, views)
    return network


def make_model(network, optimizer=None, architecture_optimizer=None, **options):
    """The search of a network; by default with the optimizers of DARTS."""
    model = SearchModel(network, order="first", dtype="float64", **options)
    model.compile(optimizer or MomentumSGD(), architecture_optimizer or CoupledAdam())
    return model


def batch(golden, half, step=0):
    """Images and labels."""
    images = golden[f"x_{half}_{step}"].transpose(0, 2, 3, 1).astype("float64")
    return tf.constant(images), tf.constant(golden[f"y_{half}_{step}"], tf.int32)


def compiled(function):
    """A `tf.function`, traced as quickly as a step of a search, and as forgettable."""
    return tf.function(forgettable(opaque_calls(function)), autograph=False)


def gradients_of(model, batch):
    """`Gradients` in w and alpha.

    Args:
        model: A search.
        batch: Arguments of `NetworkLoss.on_batch`.
    """
    return model.network_loss.on_batch(*batch).gradients(*model._values())


def second_orders(model, train, valid, radii=RADII):
    """`Gradients` in alpha of the second order by name.

    Args:
        model: A search.
        train, valid: Arguments of `NetworkLoss.on_batch`.
        radii: Those of the finite differences, by name.
    """
    products = {"exact_second_order": architecture_gradient.exact_product} | {
        name: functools.partial(
            architecture_gradient.finite_difference_product, radius=radius
        )
        for name, radius in radii.items()
    }

    def all_products(*arguments):
        """All at once, stacked, so that one unrolling serves them."""
        found = [product(*arguments) for product in products.values()]
        return [tf.stack(of_one) for of_one in zip(*found)]

    w, alpha = model._values()
    found = architecture_gradient.second_order(
        model.network_loss.on_batch(*train),
        model.network_loss.on_batch(*valid),
        w,
        alpha,
        tf.cast(model.optimizer.learning_rate, tf.float64),
        lambda gradients: model.optimizer.direction(gradients, w),
        all_products,
    )
    return {
        name: found._replace(alpha=[x[index] for x in found.alpha])
        for index, name in enumerate(products)
    }


def gradients_at_coefficients(model, batch, coefficients):
    """`Gradients` in w and in the coefficients of the operations.

    Args:
        model: A search.
        batch: Images and labels.
        coefficients: Those of the operations of each kind of cell.
    """
    w, _ = model._values()
    objective = model.network_loss.on_batch(*batch).of_coefficients
    found = objective.gradients(
        w, {k: {OPERATIONS: c} for k, c in coefficients.items()}
    )
    return found._replace(alpha={k: g[OPERATIONS] for k, g in found.alpha.items()})


def of_kinds(golden, name, *rest):
    """Those of both kinds of cells, as tensors: what `name` and the kind make a key."""
    kinds = ("normal", "reduce")
    return {k: tf.constant(golden["".join([name, k, *rest])]) for k in kinds}


def named_alphas(prefix, network, values, suffix=""):
    """Values of the architecture parameters by their golden names."""
    names = golden_alphas(network)
    return {f"{prefix}{name}{suffix}": v for name, v in zip(names, values, strict=True)}


def named_weights(prefix, network, gradients, views=golden_views):
    """Gradients in w by their golden names."""
    named = views(network, [np.array(gradient) for gradient in gradients])
    return {f"{prefix}{name}": gradient for name, gradient in named.items()}


def at_the_start(network, gradients, half="train", views=golden_views):
    """What the files hold of the pass at the initial weights."""
    return {
        f"logits_{half}_0": gradients.aux[0],
        f"loss_{half}_0": gradients.loss,
        **named_alphas("grad_", network, gradients.alpha),
        **named_weights("grad_w/", network, gradients.w, views),
    }


def of_move(network, step, architecture, weights, norm):
    """What the files hold of the passes of a step; the results of `_move`."""
    return {
        f"loss_valid/{step}": architecture.loss,
        **named_alphas(f"first_order/{step}/", network, architecture.alpha),
        f"loss_train/{step}": weights.loss,
        f"grad_norm/{step}": norm,
    }


def after_step(network, step, views=golden_views, stem="stem.0.weight"):
    """What the files hold of alpha and w after a step."""
    alphas = [alpha.numpy() for alpha in network.alphas]
    return {
        **named_alphas(f"alphas_after/{step}/", network, alphas),
        **weights_after(network, f"w_after/{step}/", views, stem),
    }


def weights_after(network, prefix, views=golden_views, stem="stem.0.weight"):
    """The norm of w, and two of its arrays."""
    values = [variable.numpy() for variable in network.weights_w]
    named = views(network, values)
    return {
        f"{prefix}norm": np.sqrt(sum(np.sum(value**2) for value in values)),
        **{f"{prefix}{name}": named[name] for name in ("classifier.weight", stem)},
    }


def after_adam(optimizer, values, gradients):
    """The values after the first step of an optimizer."""
    variables = [keras.Variable(np.asarray(x), dtype="float64") for x in values]
    optimizer.build(variables)
    optimizer.apply(list(gradients), variables)
    return [variable.numpy() for variable in variables]


def genotype_lists(genotype):
    """The genotype as the files of derivations have it, the edges in one list."""
    lists = {}
    for kind, cell in genotype.cells.items():
        lists[kind] = [[edge.primitive, edge.source] for edge in cell.edges]
        lists[f"{kind}_concat"] = list(cell.outputs)
    return lists


def relative_error(actual, expected):
    """Largest difference over the largest entry; what is 0 has to be met exactly."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape, (actual.shape, expected.shape)
    difference, size = np.abs(actual - expected).max(), np.abs(expected).max()
    if not size:
        return np.inf if difference else 0.0
    return difference / size


def each_quantity(*names, order=None):
    """Decorates a test of each pattern of what is compared in some files.

    Args:
        *names: The files, or `pytest.param` of a file with marks.
        order: `"first"` or `"second"` for what is of one order of the gradient alone,
            and all else counts as of the first one. Default is of both.
    """
    parameters = [
        pytest.param(name, pattern, id=f"{name}.npz {pattern}", marks=marks)
        for name, marks in map(_name_and_marks, names)
        for pattern, status in KEYS[f"{name}.npz"].items()
        if status == COMPARED
        and order in (None, "second" if pattern in SECOND_ORDER else "first")
    ]
    return pytest.mark.parametrize(("name", "pattern"), parameters)


def _name_and_marks(name):
    return (name, ()) if isinstance(name, str) else (*name.values, name.marks)


def check_quantity(golden, results, pattern, record_property):
    """Asserts that all arrays of a pattern are equal, and records how much they are."""
    keys = fnmatch.filter(golden, pattern)
    assert keys and set(keys) == set(fnmatch.filter(results, pattern))
    check_equal({k: results[k] for k in keys}, golden, record_property)


def check_equal(results, golden, record_property):
    """Asserts that all results are as the golden numbers of the same keys."""
    errors = {key: relative_error(x, golden[key]) for key, x in results.items()}
    worst = max(errors, key=errors.get)
    note = f"{errors[worst]:.1e} in {len(errors)} arrays"
    record_property("largest relative error", note)
    tolerances = [x for prefix, x in ROUNDING.items() if worst.startswith(prefix)]
    assert errors[worst] <= max([TOLERANCE, *tolerances]), (worst, errors[worst])
