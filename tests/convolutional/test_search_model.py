import dataclasses
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import SearchNetwork
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.method import DARTS
from darts_tf.method.architecture_cost import ArchitectureCost
from darts_tf.method.perturbations import RandomPerturbation
from darts_tf.optimization.optimizers import MomentumSGD
from tests.costs.toy_costs import toy_costs
from tests.long_cases import with_long
from tests.restored_model import lender

pytestmark = pytest.mark.usefixtures("shared_edges")

PRIMITIVES = ("none", "max_pool_3x3", "skip_connect", "sep_conv_3x3", "dil_conv_3x3")
METHODS = [
    ("first", "exact"),
    ("second", "exact"),
    ("second", "finite_difference"),
]


def make_model(order="second", hessian="exact", policy=None, **compile_arguments):
    keras.utils.set_random_seed(1)
    network = SearchNetwork(
        num_classes=3,
        init_channels=2,
        num_cells=2,
        num_nodes=1,
        primitives=PRIMITIVES,
        reductions=[1],
        dtype=policy,
    )
    network.build((None, 8, 8, 3))
    model = SearchModel(network, order, hessian)
    model.compile(**compile_arguments)
    return model


@pytest.fixture(scope="module")
def made():
    """`make_model` of an order and a Hessian, which makes each model once."""
    return functools.cache(make_model)


@pytest.fixture
def lend(made):
    """As `made`, of a model that is as it was made, and that a test may move."""
    with lender(made) as lend:
        yield lend


def make_batch(seed):
    random = np.random.default_rng(seed)
    images = random.normal(size=(6, 8, 8, 3))
    return tf.constant(images, tf.float32), tf.constant(random.integers(0, 3, 6))


def make_pairs(steps):
    pairs = [(make_batch(2 * step), make_batch(2 * step + 1)) for step in range(steps)]
    stacked = tf.nest.map_structure(lambda *tensors: tf.stack(tensors), *pairs)
    return tf.data.Dataset.from_tensor_slices(stacked)


def state(model):
    """Everything that a step may move, by name."""
    return {
        "w": [v.numpy() for v in model.network.weights_w],
        "alpha": [v.numpy() for v in model.network.alphas],
        "statistics": [v.numpy() for v in model.network.non_trainable_variables],
        "momentum": [v.numpy() for v in model.optimizer.variables],
        "adam": [v.numpy() for v in model.architecture_optimizer.variables],
    }


def differing(before, after):
    return {
        name
        for name in before
        if any(
            not np.array_equal(a, b)
            for a, b in zip(before[name], after[name], strict=True)
        )
    }


@pytest.mark.parametrize("order, hessian", METHODS)
def test_architecture_step_moves_alpha_alone(lend, order, hessian):
    model = lend(order, hessian)
    model.fit(make_pairs(1), verbose=0)
    before = state(model)
    # What `fit` traced serves here as well.
    model.architecture_gradients(make_batch(0), make_batch(1))
    assert not differing(before, state(model))
    model._architecture_step(make_batch(0), make_batch(1))
    assert differing(before, state(model)) == {"alpha", "adam"}
    model._weight_step(make_batch(0))
    changed = differing(before, state(model))
    assert changed == {"alpha", "adam", "w", "momentum", "statistics"}


@pytest.mark.parametrize("order, hessian", with_long(METHODS, METHODS[:1]))
def test_eager_and_compiled_steps_agree(with_grappler, order, hessian):
    states = []
    for run_eagerly in (False, True):
        model = make_model(order, hessian, run_eagerly=run_eagerly)
        model.fit(make_pairs(2), verbose=0)
        states.append(state(model))
    for name in states[0]:
        for compiled, eager in zip(states[0][name], states[1][name], strict=True):
            np.testing.assert_allclose(compiled, eager, rtol=2e-4, atol=2e-5)


@pytest.fixture(scope="module")
def gradient_of():
    """Function of a policy, of a factor of the loss and of its scale.

    The learning rate is divided by the factor, so that both terms of the second order
    have it once.
    """
    models, factor = {}, tf.Variable(1.0)

    def loss(labels, logits):
        entropy = keras.losses.sparse_categorical_crossentropy
        return factor * entropy(labels, logits, from_logits=True)

    def gradient(policy, new_factor=1.0, scale=1024.0, learning_rate=0.025):
        if policy not in models:
            optimizer = MomentumSGD(coupled_weight_decay=0.0)
            models[policy] = make_model(policy=policy, loss=loss, optimizer=optimizer)
        model = models[policy]
        factor.assign(new_factor)
        model.optimizer.learning_rate = learning_rate / new_factor
        if model.loss_scale:
            model.loss_scale.scale.assign(scale)
        alphas = model.architecture_gradients(make_batch(0), make_batch(1)).alpha
        assert all(alpha.dtype == tf.float32 for alpha in alphas)
        return np.concatenate([np.ravel(alpha) for alpha in alphas]) / new_factor

    return gradient


@pytest.mark.parametrize(
    "policy, cosine", [("mixed_float16", 0.99), ("mixed_bfloat16", 0.9)]
)
def test_16_bits_are_close_to_32(gradient_of, policy, cosine):
    wanted, got = gradient_of("float32"), gradient_of(policy)
    norms = np.linalg.norm(wanted), np.linalg.norm(got)
    assert np.dot(wanted, got) / np.prod(norms) > cosine


def test_a_loss_that_float16_cannot_hold(gradient_of):
    """All factors are powers of two: what is scaled rightly has the same bits."""
    usual = gradient_of("mixed_float16")
    tiny = gradient_of("mixed_float16", 2.0**-30, 2.0**40)
    np.testing.assert_allclose(tiny, usual, rtol=1e-6)
    assert not gradient_of("mixed_float16", 2.0**-30, 1.0).any()
    first_term = gradient_of("mixed_float16", learning_rate=0.0)
    assert np.linalg.norm(usual - first_term) > 0.01 * np.linalg.norm(usual)


def test_an_overflow_takes_the_step_back():
    model = make_model("first", policy="mixed_float16")
    model.fit(make_pairs(1), verbose=0)
    before = state(model)
    too_large = 2.0**60
    model.loss_scale.scale.assign(too_large)
    logs = model.fit(make_pairs(2), verbose=0).history
    assert not differing(before, state(model))
    assert float(model.loss_scale.scale) == too_large / 4
    assert all(np.isfinite(values).all() for values in logs.values())
    model.loss_scale.scale.assign(2.0**10)
    model.fit(make_pairs(1), verbose=0)
    assert differing(before, state(model)) == before.keys()
    assert float(model.loss_scale.scale) == 2.0**10
    # What no scale can help must not be hidden.
    model.loss_scale.scale.assign(0.5)
    (pair,) = make_pairs(1)
    (images, labels), valid = pair
    logs = model.train_step(((images * np.inf, labels), valid))
    assert not np.isfinite(logs["loss"])


def test_second_order_at_rate_zero_is_first_order(lend):
    gradients = []
    for order in ("first", "second"):
        model = lend(order, "exact")
        model.optimizer.learning_rate = 0.0
        gradients.append(model.architecture_gradients(make_batch(0), make_batch(1)))
    np.testing.assert_allclose(gradients[0].loss, gradients[1].loss, rtol=1e-6)
    for first, second in zip(gradients[0].alpha, gradients[1].alpha, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-7)


def test_unrolled_weights_are_the_next_step_of_w(lend, monkeypatch):
    """The unrolled loss is the validation loss after a real step, up to clipping."""
    model = lend("second", "exact")
    model.fit(make_pairs(1), verbose=0)
    monkeypatch.setattr(model, "gradient_clip", None)
    train, valid = make_batch(4), make_batch(5)
    unrolled = model.architecture_gradients(train, valid).loss
    model._weight_step(train)
    logits = model.network(valid[0], training=True)
    loss = keras.losses.sparse_categorical_crossentropy(valid[1], logits, True)
    np.testing.assert_allclose(unrolled, tf.reduce_mean(loss), rtol=1e-5)


def test_fit_reports_metrics_and_evaluates(lend):
    model = lend("first", "exact")
    callbacks = keras.callbacks.CallbackList(add_history=True, model=model)
    given = [*callbacks.callbacks]
    history = model.fit(
        make_pairs(2),
        verbose=0,
        epochs=2,
        validation_data=make_batch(9),
        callbacks=callbacks,
    ).history
    # So that it serves a second time.
    assert callbacks.callbacks == given and int(model._epoch) == 1
    assert set(history) == {
        "loss",
        "accuracy",
        "arch_loss",
        "arch_accuracy",
        "gradient_norm",
        "arch_gradient_norm",
        "val_loss",
        "val_accuracy",
    }
    assert model.predict(make_batch(9)[0], verbose=0).shape == (6, 3)


def test_same_seed_same_bits(lend):
    states = []
    for model in (lend("second", "exact"), make_model()):
        model.fit(make_pairs(2), verbose=0)
        states.append(state(model))
    assert not differing(*states)


def test_save_and_load_agree(lend, tmp_path):
    model = lend("second", "finite_difference")
    model.fit(make_pairs(1), verbose=0)
    model.save(tmp_path / "search.keras")
    loaded = keras.saving.load_model(tmp_path / "search.keras", compile=False)
    assert (loaded.order, loaded.hessian) == ("second", "finite_difference")
    images, _ = make_batch(0)
    np.testing.assert_array_equal(loaded(images), model(images))
    assert loaded.network.genotype() == model.network.genotype()


@pytest.mark.parametrize("name", ["order", "hessian"])
def test_invalid_arguments(name):
    with pytest.raises(ValueError, match=name):
        SearchModel(SearchNetwork(num_cells=1), **{name: "third"})


def test_a_perturbed_step_has_no_gradient_in_alpha_to_clip_with():
    method = dataclasses.replace(DARTS, perturbation=RandomPerturbation())
    network = SearchNetwork(num_cells=1, method=method)
    with pytest.raises(ValueError, match="clip_with_alpha"):
        SearchModel(network, clip_with_alpha=True)


def test_compile_leaves_nothing_of_what_was_compiled_before():
    model = make_model(cost=ArchitectureCost(toy_costs("darts"), 1.0))
    coefficients = model.network.coefficients()

    def loss():
        numbers, *_ = model.traced_measured(make_batch(0), coefficients)
        return float(numbers["loss"])

    before, of_cost = loss(), model.cost_variables
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(loss=lambda labels, logits: 2 * cross_entropy(labels, logits))
    assert loss() == pytest.approx(2 * before, rel=1e-6)
    assert of_cost and not model.cost_variables


def test_compile_wants_a_built_network():
    with pytest.raises(ValueError, match=r"network\.build"):
        SearchModel(SearchNetwork(num_cells=1)).compile()
