import keras
import numpy as np
import pytest
import tensorflow as tf

from benchmarks.golden_names import golden_views
from benchmarks.search_step.plain_network import plain_logits
from darts_tf.autodiff.tracing_speed import opaque_calls
from darts_tf.convolutional import SearchCell, SearchNetwork
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES
from darts_tf.method.network_loss import NetworkLoss


def make_network(image_shape=(16, 16, 3), dtype="float32", **arguments):
    keras.utils.set_random_seed(1)
    arguments = {"num_classes": 5, "init_channels": 4, "num_cells": 3, **arguments}
    network = SearchNetwork(dtype=dtype, **arguments)
    network.build((None, *image_shape))
    for alpha in network.alphas:
        alpha.assign(np.random.default_rng(2).normal(size=alpha.shape) / 2)
    return network


def make_batch(image_shape=(16, 16, 3), count=4, dtype="float32"):
    random = np.random.default_rng(3)
    images = tf.constant(random.normal(size=(count, *image_shape)), dtype)
    return images, tf.constant(random.integers(0, 5, count), tf.int32)


def cross_entropy(labels, logits):
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    )


def network_results(network, images, labels):
    """Logits, gradients of the weights by golden name, gradients of alpha."""

    @tf.function(autograph=False)
    @opaque_calls
    def compute():
        with tf.GradientTape() as tape:
            logits = network(images, training=True)
            loss = cross_entropy(labels, logits)
        variables = [v.value for v in network.weights_w + network.alphas]
        return logits, tape.gradient(loss, variables)

    logits, gradients = compute()
    gradients = [gradient.numpy() for gradient in gradients]
    return logits.numpy(), golden_views(network, gradients[:-2]), gradients[-2:]


def plain_results(network, images, labels):
    """The same from the plain form, in float64."""
    values = [v.numpy().astype("float64") for v in network.weights_w]
    weights = {k: tf.constant(v) for k, v in golden_views(network, values).items()}
    alphas = [tf.constant(a.numpy().astype("float64")) for a in network.alphas]
    with tf.GradientTape() as tape:
        tape.watch([weights, alphas])
        logits = plain_logits(
            weights,
            [tf.nn.softmax(alpha) for alpha in alphas],
            tf.cast(images, tf.float64),
            network.num_cells,
            network.num_nodes,
        )
        loss = cross_entropy(labels, logits)
    gradients, alpha_gradients = tape.gradient(loss, [weights, alphas])
    gradients = {name: gradient.numpy() for name, gradient in gradients.items()}
    return logits.numpy(), gradients, [g.numpy() for g in alpha_gradients]


@pytest.mark.parametrize(
    "size, num_nodes",
    [pytest.param((16, 16), 4, marks=pytest.mark.long), ((18, 13), 2)],
)
def test_network_equals_plain_form(size, num_nodes):
    shape = (*size, 3)
    networks = [
        make_network(shape, dtype, num_nodes=num_nodes)
        for dtype in ("float32", "float64")
    ]
    networks[1].set_weights(networks[0].get_weights())
    images, labels = make_batch(shape)
    plain = plain_results(networks[0], images, labels)
    scale = np.sqrt(sum(np.sum(g**2) for g in plain[1].values()))
    for network, tolerance in zip(networks, (5e-5, 1e-11)):
        logits, gradients, alpha_gradients = network_results(network, images, labels)
        assert np.abs(logits - plain[0]).max() <= tolerance * np.abs(plain[0]).max()
        assert gradients.keys() == plain[1].keys()
        for name, gradient in gradients.items():
            assert np.abs(gradient - plain[1][name]).max() <= tolerance * scale, name
        for got, wanted in zip(alpha_gradients, plain[2], strict=True):
            assert np.abs(got - wanted).max() <= tolerance * np.abs(wanted).max()


@pytest.mark.parametrize("dtype, tolerance", [("float32", 5e-5), ("float64", 1e-12)])
def test_constant_weights_change_no_alpha_gradient(dtype, tolerance):
    network = make_network(dtype=dtype, num_cells=2, num_nodes=1, reductions=[1])
    images, labels = make_batch(dtype=dtype)
    results = []
    for constant in (False, True):
        with tf.GradientTape() as tape:
            logits = network(images, training=True, constant_weights=constant)
            loss = cross_entropy(labels, logits)
        results.append(tape.gradient(loss, [a.value for a in network.alphas]))
    for first, second in zip(*results, strict=True):
        difference = np.abs(first.numpy() - second.numpy()).max()
        assert difference <= tolerance * np.abs(first.numpy()).max()


@pytest.mark.parametrize(
    "dtype, tolerance, primitives",
    [
        ("float32", 1e-5, DARTS_PRIMITIVES),
        *(
            pytest.param(dtype, 1e-5, primitives, marks=pytest.mark.long)
            for dtype, primitives in (
                ("float32", ("conv_7x1_1x7", "skip_connect")),
                ("mixed_bfloat16", ("max_pool_3x3", "sep_conv_3x3")),
                ("mixed_float16", ("max_pool_3x3", "sep_conv_3x3")),
            )
        ),
        pytest.param(
            "float64",
            1e-13,
            ("max_pool_3x3", "skip_connect", "sep_conv_3x3"),
            marks=pytest.mark.long,
        ),
    ],
)
def test_recomputing_changes_nothing(dtype, tolerance, primitives):
    """In every pass of a search; the statistics included."""
    results = []
    for recompute in (False, True):
        network = make_network(
            (8, 8, 3),
            dtype,
            num_cells=2,
            num_nodes=1,
            primitives=primitives,
            reductions=[1],
            recompute=recompute,
        )
        batch = make_batch((8, 8, 3), dtype=network.variable_dtype)
        objective = NetworkLoss(network, cross_entropy).on_batch(*batch)
        w, alpha = (
            [tf.convert_to_tensor(v) for v in variables]
            for variables in (network.weights_w, network.alphas)
        )
        gradients = objective.gradients(w, alpha)
        _, statistics = gradients.aux
        results.append(
            [
                *gradients.w,
                *gradients.alpha,
                *statistics,
                *objective.alpha_gradients(w, alpha).alpha,
                *objective.mixed_product(w, alpha, gradients.w),
            ]
        )
    for kept, recomputed in zip(*results, strict=True):
        scale = np.abs(kept.numpy()).max()
        difference = np.abs(kept.numpy() - recomputed.numpy()).max()
        assert difference <= tolerance * scale


def test_eager_and_compiled_agree():
    network = make_network(num_cells=2, num_nodes=2, reductions=[1])
    images, _ = make_batch()
    compiled = tf.function(network, autograph=False)(images)
    np.testing.assert_allclose(network(images), compiled, rtol=1e-5, atol=1e-6)


def test_weights_and_alphas_are_disjoint_and_all():
    network = make_network()
    alphas = {id(alpha) for alpha in network.alphas}
    weights = {id(weight) for weight in network.weights_w}
    assert len(alphas) == 2 and not alphas & weights
    assert alphas | weights == {id(v) for v in network.trainable_variables}


def test_full_size_has_the_published_number_of_weights(golden_params):
    network = SearchNetwork()
    network.build((None, 32, 32, 3))
    count = sum(int(np.prod(weight.shape)) for weight in network.weights_w)
    assert count == 1_930_618 == golden_params


@pytest.fixture
def golden_params(golden_folder):
    import json

    text = (golden_folder / "conv_params.json").read_text()
    return json.loads(text)["cifar10/search"]["params"]


def test_moving_statistics_are_those_of_the_batches():
    """After many passes over one batch, inference equals training."""
    network = make_network(num_cells=2, num_nodes=1)
    images, _ = make_batch(count=16)
    train = tf.function(lambda: network(images, training=True), autograph=False)
    for _ in range(100):
        expected = train()
    # The moving variance is unbiased, which matters little at 16 x 4 x 4.
    np.testing.assert_allclose(network(images), expected, atol=0.05)


@pytest.mark.parametrize(
    "arguments, image_shape",
    [
        ({"num_nodes": 1, "num_cells": 1}, (8, 8, 1)),
        ({"num_nodes": 2, "num_cells": 2, "reductions": []}, (7, 5, 2)),
        (
            {"num_nodes": 1, "num_cells": 4, "reductions": [0, 3], "init_channels": 5},
            (9, 12, 4),
        ),
        ({"primitives": ["skip_connect"]}, (8, 8, 3)),
        (
            {"num_nodes": 2, "primitives": ["sep_conv_7x7", "none", "max_pool_3x3"]},
            (8, 8, 3),
        ),
    ],
)
def test_any_size(arguments, image_shape):
    network = make_network(image_shape, **arguments)
    images, _ = make_batch(image_shape)
    for training in (False, True):
        logits = network(images, training=training)
        assert logits.shape == (4, 5) and np.isfinite(logits).all()
    assert network.compute_output_shape((None, *image_shape)) == (None, 5)
    assert network(images[:1]).shape == (1, 5)
    assert len(network.genotype().normal.nodes) == network.num_nodes


@pytest.mark.usefixtures("channels_first")
def test_channels_are_last_whatever_a_user_prefers():
    network = make_network((8, 6, 3), num_cells=1, num_nodes=1)
    assert network.stem_convolution.kernel.shape == (3, 3, 3, 12)
    assert network.stem_convolution.data_format == "channels_last"
    assert network.classifier.kernel.shape == (8, 5)


def test_save_and_load_agree(tmp_path):
    network = make_network(num_cells=2, num_nodes=2, primitives=DARTS_PRIMITIVES[3:])
    images, _ = make_batch()
    network(images, training=True)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.get_config() == network.get_config()
    np.testing.assert_array_equal(loaded(images), network(images))
    np.testing.assert_array_equal(loaded.alphas[0], network.alphas[0])


def test_fit_as_any_other_keras_model():
    network = make_network(num_cells=2, num_nodes=1, primitives=DARTS_PRIMITIVES[3:6])
    images, labels = make_batch(count=8)
    network.compile(
        "adam",
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    history = network.fit(images, labels, epochs=4, batch_size=8, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"num_classes": 1}, "num_classes"),
        ({"num_cells": 0}, "num_cells"),
        ({"init_channels": 2.5}, "init_channels"),
        ({"num_classes": 100_001}, "num_classes.* at most 100000"),
        ({"num_cells": 201}, "num_cells.* at most 200"),
        ({"init_channels": 1025}, "init_channels.* at most 1024"),
        ({"num_nodes": 17}, "num_nodes.* at most 16"),
        ({"primitives": ["none"]}, "primitives"),
        ({"primitives": ["skip_connect", "skip_connect"]}, "primitives"),
        ({"primitives": ["sep_conv_9x9"]}, "sep_conv_9x9"),
        ({"reductions": [3]}, "reductions"),
    ],
)
def test_invalid_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        SearchNetwork(**{"num_cells": 3, **arguments})


def test_cell_from_config():
    cell = SearchCell(4, DARTS_PRIMITIVES, 3, reduction=True, reduction_before=True)
    assert SearchCell.from_config(cell.get_config()).get_config() == cell.get_config()
    cell.build([(None, 16, 16, 6), (None, 8, 8, 12)])
    images = [tf.ones([2, 16, 16, 6]), tf.ones([2, 8, 8, 12])]
    coefficients = {"operations": tf.fill([cell.num_edges, 8], 1 / 8)}
    output = cell(inputs=images, coefficients=coefficients)
    assert output.shape == (2, 4, 4, 12)
    assert cell.compute_output_shape([x.shape for x in images]) == (2, 4, 4, 12)


def test_cell_reorders_coefficients_without_indices():
    """A GPU would copy them from the host in each pass."""
    cell = SearchCell(4, DARTS_PRIMITIVES, 2)
    shapes = [(2, 8, 8, 4)] * 2
    cell.build(shapes)
    images = [tf.TensorSpec(shape) for shape in shapes]
    coefficients = {"operations": tf.TensorSpec((cell.num_edges, 8))}
    call = tf.function(cell, autograph=False)
    graph = call.get_concrete_function(images, coefficients=coefficients).graph
    assert "GatherV2" not in {operation.type for operation in graph.get_operations()}
