"""MobileNet is the one of `keras.applications`."""

import keras
import numpy as np
import pytest

from darts_tf.convolutional.operations.batch_normalization import (
    EPSILON,
    BatchNormalization,
)
from darts_tf.weight_count import count_weights
from darts_tf.zoo.networks.mobilenet import MobileNet


def copy_weights(reference, network):
    """Gives a network the weights of `keras.applications.MobileNet`."""
    convolutions = [
        layer
        for layer in reference.layers
        if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D)
    ]
    normalizations = [
        layer
        for layer in reference.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    *convolutions, predictions = convolutions
    for unit, convolution, normalization in zip(
        network.body, convolutions, normalizations, strict=True
    ):
        unit.kernel.assign(convolution.kernel)
        copied = unit.normalization
        assert isinstance(copied, BatchNormalization)
        copied.scale.assign(normalization.gamma)
        copied.offset.assign(normalization.beta)
        # That of Keras adds another epsilon to the variance.
        variance = normalization.moving_variance + normalization.epsilon - EPSILON
        moments = [normalization.moving_mean.numpy(), np.array(variance)]
        copied.moving_moments.assign(np.stack(moments))
    network.classifier.kernel.assign(predictions.kernel[0, 0])
    network.classifier.bias.assign(predictions.bias)


@pytest.mark.parametrize(
    "alpha, side", [(0.25, 32), pytest.param(1.0, 224, marks=pytest.mark.long)]
)
def test_weights_and_logits(alpha, side):
    keras.utils.set_random_seed(0)
    reference = keras.applications.MobileNet(
        (side, side, 3),
        alpha=alpha,
        weights=None,
        classes=1000,
        classifier_activation=None,
    )
    rng = np.random.default_rng(0)
    for layer in reference.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.gamma.assign(rng.uniform(0.8, 1.5, layer.gamma.shape))
            layer.beta.assign(rng.normal(0, 0.3, layer.beta.shape))
            layer.moving_mean.assign(rng.normal(0, 0.1, layer.gamma.shape))
            layer.moving_variance.assign(rng.uniform(0.1, 0.5, layer.gamma.shape))
    network = MobileNet(1000, int(32 * alpha))
    network.build((None, side, side, 3))
    assert count_weights(network) == count_weights(reference)
    copy_weights(reference, network)
    images = rng.normal(size=(2, side, side, 3)).astype(np.float32)
    expected = reference(images, training=False).numpy()
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(network(images), expected, atol=1e-5, rtol=1e-5)
