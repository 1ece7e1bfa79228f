"""NASNet-A for ImageNet is the network that Keras has under that name."""

import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.convolutional.operations.batch_normalization import EPSILON
from darts_tf.weight_count import count_weights
from darts_tf.zoo import build

# The function of all sizes, behind that of the published one.
NASNet = sys.modules[keras.applications.NASNetMobile.__module__].NASNet
# All sides that are halved are odd, where the padding of both is the same.
SIZE = 67
_EPSILON_OF_KERAS = 1e-3
# Edges with a separable convolution, by their number in the cell, as Keras names them.
_SEPARABLE = {
    "normal": {0: "left1", 1: "right1", 2: "left2", 3: "right2", 8: "left5"},
    "reduce": {0: "left1", 1: "right1", 3: "right2", 5: "right3", 8: "left4"},
}


def of_keras(filters, num_blocks, num_classes):
    """Keras' network with random weights, and pools that know where an image ends."""
    network = NASNet(
        input_shape=(SIZE, SIZE, 3),
        penultimate_filters=24 * filters,
        num_blocks=num_blocks,
        stem_block_filters=32,
        skip_reduction=False,
        weights=None,
        classes=num_classes,
        classifier_activation=None,
    )
    random = np.random.default_rng(0)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            count = layer.gamma.shape[0]
            mean = random.normal(size=count)
            values = [random.uniform(0.5, 2, count) for _ in "ab"]
            layer.set_weights([values[0], random.normal(size=count), mean, values[1]])
    weights = network.get_weights()
    network = keras.models.clone_model(network, clone_function=_with_pools_inside)
    network.set_weights(weights)
    return network


def _with_pools_inside(layer):
    """3x3 pools as in the paper's code; Keras pads their images with zeros."""
    config = layer.get_config()
    if layer.name.startswith("reduction_pad_1"):
        return keras.layers.Identity(name=layer.name)
    is_pool = isinstance(
        layer, keras.layers.MaxPooling2D | keras.layers.AveragePooling2D
    )
    if is_pool and layer.pool_size == (3, 3):
        config["padding"] = "same"
    return type(layer).from_config(config)


def assign_of_keras(network, source):
    """Gives a network the weights of Keras' network."""
    named = {layer.name: layer for layer in source.layers}
    (stem,) = network.stem_units
    stem.kernel.assign(named["stem_conv1"].kernel)
    _assign_normalization(stem.normalization, named["stem_bn1"])
    blocks = _blocks(len(network.cells))
    for cell, placed, block in zip(network.cells, network.skeleton.cells, blocks):
        _assign_cell(cell, placed.kind, block, named)
    network.classifier.kernel.assign(named["predictions"].kernel)
    network.classifier.bias.assign(named["predictions"].bias)


def _blocks(num_cells):
    """What Keras calls the cells."""
    count = (num_cells - 4) // 3
    first, second, third = (
        [str(start + index) for index in range(count)]
        for start in (0, count + 1, 2 * count + 1)
    )
    reductions = [f"reduce_{count}", f"reduce_{2 * count}"]
    return ["stem_1", "stem_2", *first, reductions[0], *second, reductions[1], *third]


def _assign_cell(cell, kind, block, named):
    *others, last = cell.preprocess
    word = "reduction" if kind == "reduce" else "normal"
    last.kernels[0].assign(named[f"{word}_conv_1_{block}"].kernel[0, 0])
    _assign_normalization(last.normalization, named[f"{word}_bn_1_{block}"])
    for layer in others:
        names = ["conv_1", "conv_2"] if layer.reduction else ["conv_projection"]
        for kernel, name in zip(layer.kernels, names, strict=True):
            kernel.assign(named[f"adjust_{name}_{block}"].kernel[0, 0])
        _assign_normalization(layer.normalization, named[f"adjust_bn_{block}"])
    for number, operation in enumerate(cell.operations):
        place = _SEPARABLE[kind].get(number)
        assert (place is None) == (operation.kernels is None)
        if place is None:
            continue
        arrays = {}
        for unit, normalization in zip((1, 2), operation.normalizations):
            end = f"{word}_{place}_{block}"
            convolution = named[f"separable_conv_{unit}_{end}"]
            arrays[f"depthwise_{unit}"] = convolution.depthwise_kernel.numpy()
            arrays[f"pointwise_{unit}"] = convolution.pointwise_kernel.numpy()[0, 0]
            _assign_normalization(
                normalization, named[f"separable_conv_{unit}_bn_{end}"]
            )
        operation.kernels.assign(operation.packing.pack(arrays))


def _assign_normalization(layer, source):
    layer.scale.assign(source.gamma)
    layer.offset.assign(source.beta)
    mean, variance = source.moving_mean.numpy(), source.moving_variance.numpy()
    layer.moving_moments.assign([mean, variance + _EPSILON_OF_KERAS - EPSILON])


@pytest.mark.parametrize(
    ("filters", "num_blocks", "num_classes"),
    [(8, 1, 7), pytest.param(44, 4, 1000, marks=pytest.mark.long)],
)
@pytest.mark.usefixtures("float64")
def test_it_is_the_network_of_keras(filters, num_blocks, num_classes, record_property):
    source = of_keras(filters, num_blocks, num_classes)
    network = build(
        "nasnet_a_imagenet",
        num_classes=num_classes,
        num_cells=3 * num_blocks,
        init_channels=filters,
        auxiliary=False,
    )
    network.build((None, SIZE, SIZE, 3))
    assert count_weights(network) == count_weights(source)
    assign_of_keras(network, source)
    images = np.random.default_rng(1).normal(size=(2, SIZE, SIZE, 3))
    logits, wanted = network(tf.constant(images)).numpy(), source(images).numpy()
    error = np.abs(logits - wanted).max() / np.abs(wanted).max()
    record_property("largest relative difference", f"{error:.1e}")
    assert np.std(wanted) > 0 and error <= 1e-9


@pytest.mark.long
def test_weights_of_nasnet_mobile():
    source = keras.applications.NASNetMobile(weights=None)
    network = build("nasnet_a_imagenet", auxiliary=False)
    network.build((None, 224, 224, 3))
    assert count_weights(network) == count_weights(source) == 5_289_978
