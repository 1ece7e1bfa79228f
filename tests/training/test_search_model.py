import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import SearchNetwork
from darts_tf.training.search_model import SearchModel

PRIMITIVES = ("none", "max_pool_3x3", "skip_connect", "sep_conv_3x3", "dil_conv_3x3")
METHODS = [
    ("first", "exact"),
    ("second", "exact"),
    ("second", "finite_difference"),
]


def make_model(order="second", hessian="exact", **compile_arguments):
    keras.utils.set_random_seed(1)
    network = SearchNetwork(
        num_classes=3,
        init_channels=2,
        num_cells=2,
        num_nodes=1,
        primitives=PRIMITIVES,
        reductions=[1],
    )
    network.build((None, 8, 8, 3))
    model = SearchModel(network, order, hessian)
    model.compile(**compile_arguments)
    return model


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
def test_architecture_step_moves_alpha_alone(order, hessian):
    model = make_model(order, hessian)
    model.fit(make_pairs(1), verbose=0)
    before = state(model)
    tf.function(model.architecture_gradients, autograph=False)(
        make_batch(0), make_batch(1)
    )
    assert not differing(before, state(model))
    tf.function(model._architecture_step, autograph=False)(make_batch(0), make_batch(1))
    assert differing(before, state(model)) == {"alpha", "adam"}
    tf.function(model._weight_step, autograph=False)(make_batch(0))
    changed = differing(before, state(model))
    assert changed == {"alpha", "adam", "w", "momentum", "statistics"}


@pytest.mark.parametrize("order, hessian", METHODS)
def test_eager_and_compiled_steps_agree(with_grappler, order, hessian):
    states = []
    for run_eagerly in (False, True):
        model = make_model(order, hessian, run_eagerly=run_eagerly)
        model.fit(make_pairs(2), verbose=0)
        states.append(state(model))
    for name in states[0]:
        for compiled, eager in zip(states[0][name], states[1][name], strict=True):
            np.testing.assert_allclose(compiled, eager, rtol=2e-4, atol=2e-5)


def test_second_order_at_rate_zero_is_first_order():
    gradients = []
    for order in ("first", "second"):
        model = make_model(order)
        model.optimizer.learning_rate = 0.0
        gradients.append(model.architecture_gradients(make_batch(0), make_batch(1)))
    np.testing.assert_allclose(gradients[0].loss, gradients[1].loss, rtol=1e-6)
    for first, second in zip(gradients[0].alpha, gradients[1].alpha, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-7)


def test_unrolled_weights_are_the_next_step_of_w():
    """The unrolled loss is the validation loss after a real step, up to clipping."""
    model = make_model("second")
    model.gradient_clip = None
    model.fit(make_pairs(1), verbose=0)
    train, valid = make_batch(4), make_batch(5)
    unrolled = model.architecture_gradients(train, valid).loss
    model._weight_step(train)
    logits = model.network(valid[0], training=True)
    loss = keras.losses.sparse_categorical_crossentropy(valid[1], logits, True)
    np.testing.assert_allclose(unrolled, tf.reduce_mean(loss), rtol=1e-5)


def test_fit_reports_metrics_and_evaluates():
    model = make_model()
    history = model.fit(
        make_pairs(2), verbose=0, epochs=2, validation_data=make_batch(9)
    ).history
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


def test_same_seed_same_bits():
    states = []
    for _ in range(2):
        model = make_model()
        model.fit(make_pairs(2), verbose=0)
        states.append(state(model))
    assert not differing(*states)


def test_save_and_load_agree(tmp_path):
    model = make_model("second", "finite_difference")
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


def test_compile_wants_a_built_network():
    with pytest.raises(ValueError, match=r"network\.build"):
        SearchModel(SearchNetwork(num_cells=1)).compile()
