"""The Hessian in alpha against numbers that the code of RobustDARTS computed."""

import json

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import load_golden_weights
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork
from darts_tf.method.eigenvalue import lanczos
from darts_tf.method.stops import RisingEigenvalue
from tests.method.histories import history_of

TOLERANCE = 1e-9
DECAY = 1e-3


@pytest.fixture(scope="module")
def golden(golden_folder):
    path = golden_folder / "variants" / "robustdarts.npz"
    return np.load(path, allow_pickle=False)


@pytest.fixture(scope="module")
def stopping(golden_folder):
    path = golden_folder / "variants" / "robustdarts.json"
    return json.loads(path.read_text("utf-8"))


class Search:
    """The published network, and products with the Hessian of its loss in alpha."""

    def __init__(self, golden):
        self.network = SearchNetwork(
            5, init_channels=4, num_cells=3, num_nodes=2, dtype="float64"
        )
        self.network.build((None, 12, 12, 3))
        load_golden_weights(self.network, golden)
        self.model = SearchModel(self.network, order="first", dtype="float64")
        self.model.compile()
        images = golden["x_valid_0"].transpose(0, 2, 3, 1).astype("float64")
        self.images = tf.constant(images)
        self.labels = tf.constant(golden["y_valid_0"], tf.int32)
        self._product = tf.function(opaque_calls(self._along), autograph=False)

    def _along(self, v):
        objective = self.model.network_loss.on_batch(self.images, self.labels)
        v = tf.reshape(v, [2, 5, 8])
        return objective.alpha_product(*self.model._values(), tf.unstack(v))

    def product(self, v):
        return np.ravel(self._product(tf.constant(v))[0])

    def results(self):
        logits = self.network(self.images, training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(self.labels, logits)
        hessian = np.stack([self.product(row) for row in np.eye(80)])
        with_decay = hessian + DECAY * np.eye(80)
        eigenvalues = np.linalg.eigvalsh(with_decay)
        normal, reduce = (g.numpy() for g in self._product(tf.zeros(80, "float64"))[1])
        alphas = np.ravel([alpha.numpy() for alpha in self.network.alphas])
        return {
            "loss_valid/0": tf.reduce_mean(losses).numpy(),
            "logits_valid_0": logits.numpy(),
            "first_order/0/alphas_normal": normal,
            "first_order/0/alphas_reduce": reduce,
            "hessian_without_decay": hessian,
            "hessian": with_decay,
            "eigenvalues": eigenvalues,
            "dominant_eigenvalue": eigenvalues[-1],
            "gradient_with_decay": np.ravel([normal, reduce]) + DECAY * alphas,
        }


@pytest.fixture(scope="module")
def search(golden, float64_module):
    return Search(golden)


@pytest.fixture(scope="module")
def results(search):
    return search.results()


INPUTS = ("param/", "alphas_", "x_", "y_")
QUANTITIES = (
    "loss_valid/0",
    "logits_valid_0",
    "first_order/0/alphas_normal",
    "first_order/0/alphas_reduce",
    "hessian_without_decay",
    "hessian",
    "eigenvalues",
    "dominant_eigenvalue",
    "gradient_with_decay",
)


def test_every_golden_array_is_compared(golden, results):
    assert {k for k in golden if not k.startswith(INPUTS)} == set(QUANTITIES)
    assert results.keys() == set(QUANTITIES)


@pytest.mark.parametrize("name", QUANTITIES)
def test_golden_quantity(golden, results, name, record_property):
    error = np.abs(results[name] - golden[name]).max() / np.abs(golden[name]).max()
    record_property("largest relative error", f"{error:.1e}")
    assert error <= TOLERANCE


def test_lanczos_finds_the_largest_and_not_the_longest(search, golden):
    expected = float(golden["dominant_eigenvalue"])
    assert abs(golden["eigenvalues"][0]) > expected

    def product(v):
        return search.product(v) + DECAY * v

    found = lanczos(product, 80, tolerance=1e-9, most_products=80)
    assert found.value == pytest.approx(expected, rel=1e-6)
    usual = lanczos(product, 80)
    assert usual.products <= 20
    assert usual.value == pytest.approx(expected, rel=1e-3)


def test_every_golden_stop(stopping):
    """Epochs are counted from 0 there, and evaluated every second one."""
    settings = stopping["stopping"]
    rule = RisingEigenvalue()
    assert rule.window == settings["window"] and rule.factor == settings["factor"]
    assert rule.distance == settings["delta"] and rule.every == settings["ev_freq"]
    assert rule.first_epoch == settings["es_start_epoch"] + 1
    for case in stopping["stopping_cases"]:
        stopped, kept = _stopped(rule, case["eigenvalues"], settings)
        assert stopped == case["stopped_at_epoch"]
        if stopped is not None:
            assert kept == case["stop_epoch"]
            assert case["genotype"] == f"genotype {kept}"


def test_every_golden_average(stopping):
    rule = RisingEigenvalue()
    for case in stopping["stopping_cases"]:
        values = dict(zip(range(1, 51, 2), case["eigenvalues"]))
        averages = rule.averages(history_of(values))
        for entry in case["history"]:
            average = averages.get(entry["average_belongs_to_epoch"] + 1)
            if entry["average"] is None:
                assert average is None
            else:
                assert average == pytest.approx(entry["average"], rel=1e-12)


def _stopped(rule, eigenvalues, settings):
    """Epoch of the stop and epoch that is kept, counted from 0."""
    values = {}
    for epoch, value in enumerate(eigenvalues):
        values[settings["ev_freq"] * epoch + 1] = value
        kept = rule.kept_epoch(history_of(values))
        if kept is not None:
            return settings["ev_freq"] * epoch, kept - 1
    return None, None
