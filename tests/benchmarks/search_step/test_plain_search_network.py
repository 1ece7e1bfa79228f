import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import golden_views
from benchmarks.search_step.plain_network import LIBRARY, plain_logits
from benchmarks.search_step.plain_search_network import PlainSearchNetwork
from darts_tf.convolutional.search_model import SearchModel
from darts_tf.convolutional.search_network import SearchNetwork


def make_network(image_shape=(8, 8, 3)):
    keras.utils.set_random_seed(1)
    network = SearchNetwork(3, init_channels=2, num_cells=3, num_nodes=1)
    network.build((None, *image_shape))
    for alpha in network.alphas:
        alpha.assign(np.random.default_rng(2).normal(size=alpha.shape) / 2)
    return network


def make_batch(seed, image_shape=(8, 8, 3)):
    random = np.random.default_rng(seed)
    images = tf.constant(random.normal(size=(6, *image_shape)), tf.float32)
    return images, tf.constant(random.integers(0, 3, 6), tf.int32)


@pytest.mark.parametrize("image_shape", [(8, 8, 3), (11, 9, 3)])
def test_librarys_operations_equal_those_written_out(image_shape):
    network = make_network(image_shape)
    values = [variable.numpy() for variable in network.weights_w]
    images, _ = make_batch(0, image_shape)

    def logits(dtype, **arguments):
        views = golden_views(network, [value.astype(dtype) for value in values])
        weights = {name: tf.constant(view) for name, view in views.items()}
        coefficients = [
            tf.nn.softmax(tf.cast(alpha, dtype)) for alpha in network.alphas
        ]
        images_of_dtype = tf.cast(images, dtype)
        return plain_logits(weights, coefficients, images_of_dtype, 3, 1, **arguments)

    expected = logits("float64").numpy()
    difference = logits("float32", operations=LIBRARY).numpy() - expected
    assert np.abs(difference).max() <= 5e-5 * np.abs(expected).max()


@pytest.mark.long
def test_searches_as_the_network_that_it_was_made_from():
    network, results = make_network(), []
    batches = make_batch(0), make_batch(1)
    for form in (network, PlainSearchNetwork(network)):
        model = SearchModel(form, order="first")
        model.compile()

        @tf.function(autograph=False)
        def step(model=model):
            gradients = model.architecture_gradients(*batches)
            return gradients.alpha, model.train_step(batches)["loss"]

        results.append(([step(), step()], form.genotype()))
    (steps, genotype), (plain_steps, plain_genotype) = results
    for (gradients, loss), (plain, plain_loss) in zip(steps, plain_steps):
        np.testing.assert_allclose(loss, plain_loss, rtol=1e-4)
        for one, other in zip(gradients, plain, strict=True):
            assert np.abs(one - other).max() <= 1e-4 * np.abs(one).max()
    assert genotype == plain_genotype


def test_weights_and_alphas_are_all_variables():
    network = make_network()
    plain = PlainSearchNetwork(network)
    ids = [id(v) for v in plain.weights_w + plain.alphas]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {id(v) for v in plain.variables}
    sizes = [
        sum(np.prod(variable.shape) for variable in form.weights_w)
        for form in (network, plain)
    ]
    assert sizes[0] == sizes[1]
