"""What all networks that are no cells have in common."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.autodiff.named_gradients import for_inference
from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.convolutional.network_cost import network_cost
from darts_tf.keras_file import save_model
from darts_tf.serving.image_export import network_outputs
from darts_tf.serving.serving_model import serving_model, write_saved_model
from darts_tf.serving.trained_network import TrainedNetwork
from darts_tf.weight_count import count_weights
from darts_tf.weight_transfer import assign_weights
from darts_tf.weights.saved_network import load_network
from tests.zoo.networks.small_networks import (
    CLASSES,
    SMALL,
    small_images,
    small_network,
)


@pytest.fixture(scope="module", params=SMALL)
def case(request):
    return request.param, small_network(request.param)


def test_logits_and_cost(case):
    name, network = case
    images = small_images(name, seed=9)
    logits = network(images)
    assert logits.shape == (4, CLASSES) == network.compute_output_shape(images.shape)
    assert np.isfinite(logits).all() and np.ptp(logits, axis=0).min() > 0
    cost = network_cost(network)
    assert cost.weights == count_weights(network)
    assert cost.layers[-1].multiply_adds == cost.layers[-1].weights - CLASSES
    assert all(layer.weights for layer in cost.layers)
    assert network.halvings == (2 if network.stem == "cifar" else 5)


def test_float64_agrees(case):
    name, network = case
    config = {**network.get_config(), "dtype": "float64"}
    double = type(network).from_config(config)
    images = small_images(name, seed=9)
    double.build(images.shape)
    assign_weights(double, network)
    expected = double(tf.cast(images, "float64"))
    np.testing.assert_allclose(network(images), expected, atol=1e-4, rtol=1e-4)


def test_saved_and_loaded(case, tmp_path):
    name, network = case
    save_model(network, tmp_path / "model.keras")
    loaded = load_network(tmp_path / "model.keras")
    assert type(loaded) is type(network)
    images = small_images(name, seed=9)
    np.testing.assert_array_equal(loaded(images), network(images))


def test_a_step_moves_all_weights_and_statistics(case):
    name, network = case
    model = ImageTrainingModel(network)
    model.compile(keras.optimizers.SGD(0.1))
    before = [variable.numpy() for variable in network.variables]
    batch = small_images(name, 3), tf.constant([0, 1, 5, 3])
    step = tf.function(lambda: model.train_step(batch), autograph=False)
    logs = step()
    assert np.isfinite(logs["loss"])
    still = []
    for variable, old in zip(network.variables, before):
        assert np.isfinite(variable.numpy()).all()
        if (variable.numpy() == old).all():
            still.append(variable.path)
    # The next normalization undoes the scale of a channel that stays by itself.
    invariant = name == "mobilenet"
    assert not [x for x in still if not (invariant and x.endswith("/scale"))]
    assert not any(f.attr["_XlaMustCompile"].b for f in _functions(step))


def _functions(step):
    definition = step.get_concrete_function().graph.as_graph_def()
    return [*definition.library.function, *definition.node]


def test_a_saved_model_computes_the_same(case, tmp_path):
    name, network = case
    images = (128 + 40 * small_images(name, seed=4)).numpy().clip(0, 255)
    trained = TrainedNetwork(
        network=network,
        image_shape=images.shape[1:],
        mean=(0.5,) * 3,
        std=(0.2,) * 3,
        class_names=(),
        images=images.astype(np.uint8),
        images_from="noise",
    )
    with for_inference():
        write_saved_model(serving_model(trained), trained, tmp_path)
    served = tf.saved_model.load(tmp_path).signatures["serving_default"]
    found = served(images=tf.constant(images))
    for kind, expected in network_outputs(trained, images).items():
        np.testing.assert_allclose(found[kind], expected, atol=1e-4, rtol=1e-4)
