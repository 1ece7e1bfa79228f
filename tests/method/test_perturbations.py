"""Perturbations: the simplex, the ball, and the losses that they lead to."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.methods import DARTS
from darts_tf.method.perturbations import (
    AdversarialPerturbation,
    RandomPerturbation,
    SharpnessAware,
    on_simplex,
)
from darts_tf.method.slots import Progress
from tests.long_cases import with_long
from tests.method.method_checks import make_batch, make_model, step_batches

pytestmark = pytest.mark.usefixtures("shared_edges")

SEED = tf.constant([1, 2], tf.int64)


def progress(epoch):
    return Progress(tf.constant(0), tf.constant(epoch, tf.int64))


def test_on_simplex():
    rows = [[0.5, 0.7, -0.2], [-0.3, -0.1, -0.2], [0.2, 0.3, 0.5], [1.5, 0.5, 0.0]]
    expected = [[5 / 12, 7 / 12, 0], [0, 1, 0], [0.2, 0.3, 0.5], [2 / 3, 1 / 3, 0]]
    found = on_simplex(tf.constant(rows, tf.float64))
    np.testing.assert_allclose(found, expected, rtol=1e-15)


def test_noise_grows_with_the_epochs_and_stays_in_its_bounds():
    base = {"normal": {OPERATIONS: tf.fill([500, 4], tf.constant(0.25, tf.float64))}}
    perturbation = RandomPerturbation(0.2, 0.02, epochs=10)
    for epoch, radius in ((0, 0.02), (5, 0.11), (9, 0.182)):
        found = perturbation.perturbed(base, None, SEED, progress(epoch))
        moved = found["normal"][OPERATIONS].numpy()
        np.testing.assert_allclose(moved.sum(axis=1), 1, rtol=1e-12)
        # The division by the sum can lead out of the ball, farthest where one
        # coefficient rises and all others fall.
        farthest = (0.25 + radius) / (1 - 2 * radius) - 0.25
        assert 0.9 * radius < np.abs(moved - 0.25).max() < farthest


def loss_of(matrix):
    """A loss that is largest where all weight is on the last operation."""
    slope = tf.constant([-2.0, -1.0, 3.0], tf.float64)
    gradient = tf.zeros_like(matrix) + slope
    return tf.reduce_sum(matrix * slope), gradient


def test_the_worst_coefficients_near_by():
    start = tf.constant([[0.3, 0.3, 0.4], [0.5, 0.4, 0.1]], tf.float64)
    other = tf.ones([2, 1], tf.float64)
    coefficients = {"normal": {OPERATIONS: start, "edge_weights": other}}

    def gradients(coefficients):
        loss, gradient = loss_of(coefficients["normal"][OPERATIONS])
        return loss, {"normal": {OPERATIONS: gradient, "edge_weights": other}}

    worst = AdversarialPerturbation(0.05, 0.05)
    found = worst.perturbed(coefficients, gradients, SEED, progress(0))["normal"]
    assert found["edge_weights"] is other
    # As bad as the corner of the ball, up to the division by the sum, which moves
    # what the last step came to; and worse than what is found by chance.
    corner = start.numpy() + np.array([-0.05, -0.05, 0.05])
    loss, _ = loss_of(found[OPERATIONS])
    highest, _ = loss_of(on_simplex(tf.constant(corner)))
    assert float(loss) == pytest.approx(float(highest), rel=0.1)
    by_chance = RandomPerturbation(0.05, 0.05)
    for seed in range(30):
        other = by_chance.perturbed(coefficients, None, SEED + seed, progress(0))
        assert loss_of(other["normal"][OPERATIONS])[0] < loss

    def falling(coefficients):
        loss, gradient = gradients(coefficients)
        return -loss, gradient

    kept = worst.perturbed(coefficients, falling, SEED, progress(0))["normal"]
    np.testing.assert_array_equal(kept[OPERATIONS], start)


@pytest.mark.long
def test_w_takes_its_step_where_the_loss_is_larger():
    losses = {}
    for name, perturbation in {
        "none": None,
        "nothing": RandomPerturbation(0.0, 0.0),
        "worst": AdversarialPerturbation(0.2, 0.2, of_training=True),
        "evaluated": AdversarialPerturbation(0.2, 0.2),
    }.items():
        model = make_model(dataclasses.replace(DARTS, perturbation=perturbation))
        model.train_step((make_batch(0), make_batch(1)))
        losses[name] = float(model.get_metrics_result()["loss"])
    assert losses["none"] == pytest.approx(losses["nothing"], rel=1e-12)
    assert losses["worst"] > losses["none"] + 1e-3
    assert losses["evaluated"] not in (losses["none"], losses["worst"])


@pytest.mark.long
@pytest.mark.parametrize(
    "perturbation",
    [RandomPerturbation(), AdversarialPerturbation(steps=2), SharpnessAware()],
    ids=lambda x: type(x).__name__,
)
def test_a_step_takes_the_passes_that_it_says(perturbation):
    model = make_model(dataclasses.replace(DARTS, perturbation=perturbation))
    taken = []

    def counting(name):
        function = getattr(model.network_loss, name)
        return lambda *arguments: (taken.append(name), function(*arguments))[1]

    for name in (
        "gradients",
        "alpha_gradients",
        "evaluated_alpha_gradients",
        "alpha_product",
    ):
        setattr(model.network_loss, name, counting(name))
    model.train_step((make_batch(0), make_batch(1)))
    assert len(taken) == model.passes


@pytest.mark.parametrize("order", with_long(["first", "second"], ["first"]))
def test_sharpness(order):
    """The gradient is that of L(alpha + radius g(alpha)), against a difference."""
    radius, step = 0.3, 1e-6
    method = dataclasses.replace(DARTS, perturbation=SharpnessAware(radius))
    model = make_model(method, order)
    train, valid = step_batches(model)
    random = np.random.default_rng(7)
    values = [alpha.numpy() for alpha in model.network.alphas]
    directions = [random.normal(size=value.shape) for value in values]
    w, _ = model._values()

    def loss(scale):
        alpha = [tf.constant(v + scale * d) for v, d in zip(values, directions)]
        own = model.network_loss.on_batch(*valid)
        uphill = own.alpha_gradients(w, alpha).alpha
        moved = [a + radius * g for a, g in zip(alpha, uphill)]
        at = w
        if order == "second":
            gradients = model.network_loss.on_batch(*train).w_gradients(w, moved).w
            direction = model.optimizer.direction(gradients, w)
            rate = float(model.optimizer.learning_rate)
            at = [x - rate * d for x, d in zip(w, direction)]
        return float(own.alpha_gradients(at, moved).loss)

    found = model.architecture_gradients(train, valid).alpha
    along = sum(np.sum(g * d) for g, d in zip(found, directions))
    expected = (loss(step) - loss(-step)) / (2 * step)
    assert along == pytest.approx(expected, rel=1e-5)
