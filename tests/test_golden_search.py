"""The search step against numbers that the published code computed in float64."""

import json

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import golden_views, load_golden_weights
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method import architecture_gradient
from tests import golden_traces
from tests.variants.golden_variants import second_orders

TOLERANCE = 1e-9
CELLS = {"conv_search": 5, "conv_search_odd": 3}
STEPS = 3
RADII = {
    "finite_difference": 1e-2,
    "finite_difference_r0.0001": 1e-4,
    "finite_difference_r1e-06": 1e-6,
}


@pytest.fixture(scope="module", params=golden_traces.TRACED_FORMS)
def form(request):
    with golden_traces.traced_device():
        yield request.param


@pytest.fixture(scope="module", params=list(CELLS))
def run(request, form, golden_folder, float64_module):
    """The golden file and everything that three steps computed."""
    golden = np.load(golden_folder / f"{request.param}.npz", allow_pickle=False)
    return golden, _search(golden, CELLS[request.param], form)


def _search(golden, num_cells, form):
    num_classes = golden["logits_train_0"].shape[1]
    network = SearchNetwork(
        num_classes, init_channels=4, num_cells=num_cells, form=form, dtype="float64"
    )
    network.build((None, 16, 16, 3))
    load_golden_weights(network, golden)
    model = SearchModel(
        network, order="second", hessian="finite_difference", dtype="float64"
    )
    model.compile()
    results = {}
    step_function = tf.function(opaque_calls(_step), autograph=False)
    for step in range(STEPS):
        batches = [_batch(golden, half, step) for half in ("train", "valid")]
        model.reset_metrics()
        at_the_start, by_order, logs = step_function(model, *batches)
        if step == 0:
            results |= _named(network, at_the_start)
        for name, gradients in by_order.items():
            results |= _by_kind(f"{name}/{step}", gradients.alpha)
            if name == "exact_second_order":
                results[f"unrolled_valid_loss/{step}"] = gradients.loss
        results[f"loss_train/{step}"] = logs["loss"]
        results[f"grad_norm/{step}"] = logs["gradient_norm"]
        results |= _by_kind(
            f"alphas_after/{step}", [alpha.numpy() for alpha in network.alphas]
        )
        results |= _weights_after(network, step)
    results["genotype"] = network.genotype()
    return {key: _as_numpy(value) for key, value in results.items()}


def _step(model, train, valid):
    """A step of the search, and before it the gradients of all orders.

    One graph, since TensorFlow prepares all the functions that a graph calls.
    """
    w, alpha = model._values()
    at_the_start = model.network_loss.on_batch(*train).gradients(w, alpha)
    by_order = {
        "first_order": architecture_gradient.first_order(
            model.network_loss.on_batch(*valid), w, alpha
        ),
        **second_orders(model, train, valid, RADII),
    }
    return at_the_start, by_order, model.train_step((train, valid))


def _named(network, gradients):
    named = golden_views(network, [g.numpy() for g in gradients.w])
    return {
        "logits_train_0": gradients.aux[0],
        "loss_train_0": gradients.loss,
        "grad_alphas_normal": gradients.alpha[0],
        "grad_alphas_reduce": gradients.alpha[1],
        **{f"grad_w/{name}": gradient for name, gradient in named.items()},
    }


def _batch(golden, half, step):
    images = golden[f"x_{half}_{step}"].transpose(0, 2, 3, 1).astype("float64")
    return tf.constant(images), tf.constant(golden[f"y_{half}_{step}"], tf.int32)


def _by_kind(name, pair):
    return {f"{name}/normal": pair[0], f"{name}/reduce": pair[1]}


def _weights_after(network, step):
    values = [variable.numpy() for variable in network.weights_w]
    views = golden_views(network, values)
    names = ("classifier.weight", "stem.0.weight")
    norm = np.sqrt(sum(np.sum(value**2) for value in values))
    return {
        f"w_after/{step}/norm": norm,
        **{f"w_after/{step}/{name}": views[name] for name in names},
    }


def _as_numpy(value):
    return value if hasattr(value, "normal") else np.array(value)


def relative_error(actual, expected):
    return np.abs(actual - expected).max() / np.abs(expected).max()


QUANTITIES = (
    "logits_train_0",
    "loss_train_0",
    "grad_alphas_",
    "grad_w/",
    "first_order/",
    "exact_second_order/",
    "unrolled_valid_loss/",
    "finite_difference/",
    "finite_difference_r0.0001/",
    "finite_difference_r1e-06/",
    "alphas_after/",
    "loss_train/",
    "grad_norm/",
    "w_after/",
)


# A quotient divides the rounding of its two passes by the radius; only at the
# smallest one does that reach 1e-9.
ROUNDING = {"finite_difference_r1e-06/": 10 * np.finfo("float64").eps / 1e-6}


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_golden_quantity(run, quantity, record_property):
    golden, results = run
    keys = [key for key in golden if key.startswith(quantity)]
    assert keys and set(keys) == {key for key in results if key.startswith(quantity)}
    errors = {key: relative_error(results[key], golden[key]) for key in keys}
    worst = max(errors, key=errors.get)
    note = f"{errors[worst]:.1e} in {len(keys)} arrays"
    record_property("largest relative error", note)
    tolerance = max(TOLERANCE, ROUNDING.get(quantity, 0))
    assert errors[worst] <= tolerance, (worst, errors[worst])


def test_every_golden_array_is_compared(run):
    golden, results = run
    inputs = ("param/", "x_", "y_", "alphas_normal", "alphas_reduce")
    assert {k for k in golden if not k.startswith(inputs)} == results.keys()


def test_golden_genotype(run):
    golden, results = run
    expected = json.loads(str(golden["genotype"]))
    for kind in ("normal", "reduce"):
        cell = getattr(results["genotype"], kind)
        edges = [[e.primitive, e.source] for node in cell.nodes for e in node]
        assert edges == expected[kind]
        assert list(cell.outputs) == expected[f"{kind}_concat"]
