"""The Hessian in alpha against numbers that the code of RobustDARTS computed."""

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.eigenvalue import lanczos
from darts_tf.method.stops import RisingEigenvalue
from tests.method.histories import history_of
from tests.variants.golden_variants import (
    batch,
    check_quantity,
    compiled,
    each_quantity,
    make_model,
    make_network,
    named_alphas,
    read_arrays,
    read_json,
    runs,
)


class Search:
    """The published network, and products with the Hessian of its loss in alpha."""

    def __init__(self, golden, settings):
        self.network = make_network(golden, settings)
        self.model = make_model(self.network)
        self.decay = settings["arch_weight_decay_on_the_diagonal"]
        self.images, self.labels = batch(golden, "valid")
        self._product = compiled(self._along)

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
        with_decay = hessian + self.decay * np.eye(80)
        eigenvalues = np.linalg.eigvalsh(with_decay)
        _, gradients = self._product(tf.zeros(80, "float64"))
        alphas = np.ravel([alpha.numpy() for alpha in self.network.alphas])
        return {
            "loss_valid/0": tf.reduce_mean(losses),
            "logits_valid_0": logits,
            **named_alphas("first_order/0/", self.network, gradients),
            "hessian_without_decay": hessian,
            "hessian": with_decay,
            "eigenvalues": eigenvalues,
            "dominant_eigenvalue": eigenvalues[-1],
            "gradient_with_decay": np.ravel(gradients) + self.decay * alphas,
        }


@pytest.fixture(scope="module")
def search(golden_folder, float64_module):
    name = "robustdarts"
    return Search(read_arrays(golden_folder, name), read_json(golden_folder, name))


@pytest.fixture(scope="module")
def run(golden_folder, search):
    return runs(golden_folder, {"robustdarts": lambda *_: search.results()})


@pytest.fixture(scope="module")
def stopping(golden_folder):
    return read_json(golden_folder, "robustdarts")


@each_quantity("robustdarts")
def test_golden_quantity(run, name, pattern, record_property):
    check_quantity(*run(name), pattern, record_property)


def test_lanczos_finds_the_largest_and_not_the_longest(search, golden_folder):
    golden = read_arrays(golden_folder, "robustdarts")
    expected = float(golden["dominant_eigenvalue"])
    assert abs(golden["eigenvalues"][0]) > expected

    def product(v):
        return search.product(v) + search.decay * v

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
