import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional import EvaluationNetwork
from darts_tf.convolutional.evaluation_cell import EvaluationCell
from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.operations.batch_normalization import EPSILON
from darts_tf.convolutional.primitives.base import source_views
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.convolutional_genotype import Genotype
from tests.long_cases import with_long

# Every primitive, on edges of stride 1 and 2.
ALL_PRIMITIVES = (
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "sep_conv_7x7",
    "dil_conv_3x3",
    "dil_conv_5x5",
    "conv_7x1_1x7",
    "none",
)
ALL_CELL = Cell.from_lists(
    [
        [(name, 0) for name in ALL_PRIMITIVES],
        [(name, 2) for name in ALL_PRIMITIVES],
        [("sep_conv_3x3", 1)],
    ],
    [3, 4],
)
EVERYTHING = Genotype(ALL_CELL, ALL_CELL)
DARTS_V2 = Genotype.published("DARTS_V2")


def make_network(genotype=DARTS_V2, image_shape=(8, 8, 3), **arguments):
    keras.utils.set_random_seed(1)
    arguments = {"num_classes": 5, "init_channels": 4, "num_cells": 3, **arguments}
    network = EvaluationNetwork(genotype, **arguments)
    network.build((None, *image_shape))
    return network


def make_batch(image_shape=(8, 8, 3), count=4, dtype="float32"):
    random = np.random.default_rng(3)
    images = tf.constant(random.normal(size=(count, *image_shape)), dtype)
    return images, tf.constant(random.integers(0, 5, count), tf.int32)


def train_results(network, images, labels):
    """Both logits, and the gradients of all weights."""

    @tf.function(autograph=False)
    def compute():
        with tf.GradientTape() as tape:
            outputs = network(images, training=True, return_auxiliary=True)
            loss = tf.add_n(
                [
                    tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
                    for logits in outputs
                ]
            )
        variables = [v.value for v in network.trainable_variables]
        return outputs, tape.gradient(loss, variables, None, "zero")

    return [[x.numpy() for x in part] for part in compute()]


# Stems, and sizes of images.
STEMS = [("cifar", (12, 16)), ("imagenet", (37, 52))]


@pytest.mark.parametrize("stem, size", with_long(STEMS, STEMS[:1]))
def test_float32_equals_float64(stem, size):
    """The fast forms of float32 are right, forward and backward."""
    shape = (*size, 3)
    networks = [
        make_network(EVERYTHING, shape, stem=stem, dtype=dtype)
        for dtype in ("float32", "float64")
    ]
    for single, double in zip(*(network.variables for network in networks)):
        double.assign(single.value)
    single, double = (
        train_results(network, *make_batch(shape, dtype=network.dtype))
        for network in networks
    )
    for got, wanted in zip(single[0], double[0]):
        np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)
    scale = np.sqrt(sum(np.sum(gradient**2) for gradient in double[1]))
    paths = [variable.path for variable in networks[0].trainable_variables]
    for path, got, wanted in zip(paths, *(part[1] for part in (single, double))):
        assert np.abs(got - wanted).max() <= 1e-4 * scale, path


def test_normalizations_learn_and_none_follows_a_pool():
    operations = [EvaluationOperation(name, 4) for name in ALL_PRIMITIVES]
    numbers = {op.primitive: len(op.normalizations) for op in operations}
    for operation in operations:
        operation.build()
        affine = [layer.affine for layer in operation.normalizations]
        assert all(affine)
    assert numbers["max_pool_3x3"] == numbers["avg_pool_3x3"] == 0
    assert numbers["skip_connect"] == 0 and numbers["sep_conv_5x5"] == 2
    images, _ = make_batch((6, 6, 4))
    views = source_views(images, operations[0].view_names, stride=1)
    pool = operations[0](views, training=True)
    np.testing.assert_array_equal(pool, tf.nn.max_pool2d(images, 3, 1, "SAME"))


@pytest.mark.parametrize(
    "genotype, image_shape, arguments",
    [
        ("DARTS_V1", (8, 8, 1), {"num_cells": 1}),
        ("DARTS_V2", (7, 5, 2), {"num_cells": 3, "init_channels": 5}),
        ("NASNet-A", (9, 16, 4), {"num_classes": 2, "num_cells": 4}),
        ("AmoebaNet-A", (33, 40, 3), {"stem": "imagenet"}),
        ("DARTS_V2", (2, 1, 3), {"stem": "imagenet", "num_cells": 3}),
    ],
)
def test_any_size(genotype, image_shape, arguments):
    network = make_network(Genotype.published(genotype), image_shape, **arguments)
    images, _ = make_batch(image_shape)
    shape = (4, network.num_classes)
    for training in (False, True):
        outputs = network(images, training=training, return_auxiliary=True)
        assert [x.shape for x in outputs] == [shape, shape]
        assert all(np.isfinite(x).all() for x in outputs)
    assert network(images[:1]).shape == (1, network.num_classes)
    assert network.compute_output_shape((None, *image_shape)) == (None, shape[1])


@pytest.mark.usefixtures("channels_first")
def test_channels_are_last_whatever_a_user_prefers():
    network = make_network(image_shape=(8, 6, 3), num_cells=1)
    assert network.classifier.kernel.shape == (32, 5)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_reduced_precision(policy):
    network = make_network(dtype=policy)
    images, _ = make_batch()
    for training in (False, True):
        logits = network(images, training=training)
        assert logits.dtype == network.compute_dtype and np.isfinite(logits).all()


def test_the_auxiliary_head_can_be_left_out():
    network = make_network(auxiliary=False)
    assert not [v for v in network.variables if "auxiliary" in v.path]
    with pytest.raises(ValueError, match="return_auxiliary"):
        network(make_batch()[0], return_auxiliary=True)


def test_drop_path_drops_whole_paths_of_single_images():
    network = make_network()
    images, _ = make_batch()
    plain, evaluated = network(images, training=True), network(images)
    assert evaluated.shape == plain.shape
    network.drop_path_rate.assign(0.5)
    first, second = (network(images, training=True) for _ in range(2))
    assert np.abs(first - second).max() > 1e-3
    network.drop_path_rate.assign(0.0)
    np.testing.assert_array_equal(network(images, training=True), plain)


def test_drop_path_never_drops_an_identity():
    names = ("skip_connect", "max_pool_3x3", "none", "skip_connect")
    cell = EvaluationCell([[(name, 0) for name in names]], [2], channels=3)
    cell.build([(None, 4, 4, 3)] * 2)
    assert cell.num_paths == 2
    images, _ = make_batch((4, 4, 3))
    state = cell.preprocess[0](images)
    scales = tf.reshape(tf.constant([0.0, 0, 2, 1] * 2), [2, 4, 1, 1, 1])
    pooled = tf.nn.max_pool2d(state, 3, 1, "SAME")
    expected = 2 * state + scales[0] * pooled
    output = cell([images, images], scales)
    np.testing.assert_allclose(output, expected, rtol=1e-6, atol=1e-6)


def test_a_reduction_drops_its_factorized_reductions():
    cell = EvaluationCell([[("skip_connect", 0)] * 2], [2], 4, reduction=True)
    assert cell.num_paths == 2


def test_a_callback_sets_the_drop_path_rate():
    """It is no trained weight, and a compiled step sees it change."""
    network = make_network(num_cells=1, auxiliary=False)
    images, labels = make_batch(count=8)
    rates = []

    def set_rate(epoch, logs):
        network.drop_path_rate.assign(0.2 * epoch / 2)

    callbacks = [
        keras.callbacks.LambdaCallback(
            on_epoch_begin=set_rate,
            on_epoch_end=lambda epoch, logs: rates.append(
                float(network.drop_path_rate)
            ),
        )
    ]
    network.compile(
        keras.optimizers.SGD(0.01),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    network.fit(images, labels, epochs=3, verbose=0, callbacks=callbacks)
    np.testing.assert_allclose(rates, [0, 0.1, 0.2])
    assert not [v for v in network.trainable_variables if "drop_path" in v.path]


@pytest.mark.parametrize("stem", ["cifar", "imagenet"])
def test_save_and_load_agree(tmp_path, stem):
    network = make_network(EVERYTHING, (16, 16, 3), stem=stem)
    images, _ = make_batch((16, 16, 3))
    network(images, training=True)
    network.drop_path_rate.assign(0.1)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.get_config() == network.get_config()
    outputs = [n(images, return_auxiliary=True) for n in (network, loaded)]
    for got, wanted in zip(*outputs):
        np.testing.assert_array_equal(got, wanted)
    np.testing.assert_array_equal(loaded.drop_path_rate, network.drop_path_rate)


def test_genotype_from_json():
    network = make_network(DARTS_V2.to_json())
    assert network.genotype == DARTS_V2


def test_cell_from_config():
    cell = EvaluationCell(
        [[("sep_conv_3x3", 1), ("skip_connect", 0)]],
        [2],
        channels=4,
        reduction=True,
        reduction_before=True,
    )
    config = cell.get_config()
    assert EvaluationCell.from_config(config).get_config() == config
    operation = cell.operations[0]
    config = operation.get_config()
    assert EvaluationOperation.from_config(config).get_config() == config
    shapes = [(2, 16, 16, 6), (2, 8, 8, 12)]
    cell.build(shapes)
    output = cell([tf.ones(shape) for shape in shapes])
    assert output.shape == cell.compute_output_shape(shapes) == (2, 4, 4, 4)


def normalized(x):
    """In evaluation, before any training."""
    return x / np.sqrt(1 + EPSILON)


def test_states_as_the_rule_of_nasnet_has_them():
    """The first input is a state as it is, and one of other channels."""
    nodes = [[("identity", 0), ("max_pool_3x3", 0)], [("skip_connect", 1)]]
    cell = EvaluationCell(
        nodes, [0, 2, 3], 4, input_layers=[[], ["pointwise"]], input_channels=[6, 6]
    )
    cell.build([(None, 5, 5, 6)] * 2)
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 3, 5, 5, 6)).astype("float32")
    identity, pool = (
        tf.reshape(operation.kernels, [6, 4]) for operation in cell.operations[:2]
    )
    (output,) = cell.output_reductions
    (layer,) = cell.preprocess
    node = normalized(tf.nn.relu(first) @ identity)
    node += normalized(tf.nn.max_pool2d(first, 3, 1, "SAME") @ pool)
    expected = [
        normalized(tf.nn.relu(first) @ tf.reshape(output.kernels, [6, 4])),
        node,
        normalized(tf.nn.relu(second) @ layer.kernels[0]),
    ]
    got = cell([tf.constant(first), tf.constant(second)])
    np.testing.assert_allclose(got, tf.concat(expected, -1), rtol=1e-5, atol=1e-5)
    assert cell.num_paths == 2 and cell.output_channels == 12
    config = cell.get_config()
    assert EvaluationCell.from_config(config).get_config() == config


def test_states_as_the_rule_of_enas_has_them():
    """The last input goes through two layers, the first one is halved."""
    layers = [["reduction"], ["pointwise", "pointwise"]]
    cell = EvaluationCell(
        [[("skip_connect", 0), ("skip_connect", 1)]],
        [2],
        channels=5,
        input_layers=layers,
        input_channels=[3, 7],
    )
    shapes = [(2, 9, 8, 3), (2, 5, 4, 7)]
    cell.build(shapes)
    first, second = (keras.random.normal(shape, seed=1) for shape in shapes)
    reduction, one, two = cell.preprocess
    even, odd = tf.nn.relu(first)[:, ::2, ::2], tf.nn.relu(first)[:, 1::2, 1::2]
    odd = tf.pad(odd, [[0, 0], [0, 1], [0, 0], [0, 0]])
    halves = even @ reduction.kernels[0], odd @ reduction.kernels[1]
    last = normalized(tf.nn.relu(second) @ one.kernels[0])
    last = normalized(tf.nn.relu(last) @ two.kernels[0])
    expected = normalized(tf.concat(halves, -1)) + last
    np.testing.assert_allclose(cell([first, second]), expected, rtol=1e-5, atol=1e-5)
    assert [x.shape[-1] for x in halves] == [2, 3]


@pytest.mark.parametrize("last_relu", [False, True])
def test_what_comes_before_the_classifier(last_relu):
    skeleton = dataclasses.replace(
        darts_skeleton(2, 4), last_relu=last_relu, classifier_bias=False
    )
    network = make_network(skeleton=skeleton, auxiliary=False)
    outputs, cell = [], network.cells[-1]
    network.cells[-1] = lambda *a, **k: outputs.append(cell(*a, **k)) or outputs[-1]
    logits = network(make_batch()[0])
    x = tf.nn.relu(outputs[0]) if last_relu else outputs[0]
    assert np.min(outputs[0]) < 0 and network.classifier.bias is None
    expected = tf.reduce_mean(x, [1, 2]) @ network.classifier.kernel
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"num_classes": 1}, "num_classes"),
        ({"num_cells": 0}, "num_cells"),
        ({"init_channels": 2.5}, "init_channels"),
        ({"num_classes": 100_001}, "num_classes.* at most 100000"),
        ({"num_cells": 201}, "num_cells.* at most 200"),
        ({"init_channels": 1025}, "init_channels.* at most 1024"),
        ({"stem": "mnist"}, "stem"),
        ({"genotype": "DARTS_V2"}, "JSON"),
        ({"genotype": DARTS_V2.to_json().replace("sep", "sup")}, "sup_conv_3x3"),
    ],
)
def test_invalid_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        EvaluationNetwork(**{"genotype": DARTS_V2, **arguments})
