"""The auxiliary classifier of the evaluation network (paper, section 3.2)."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.packing import fan_in_uniform

_FILTERS = (128, 768)


def pool_corners(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Averages the four corners of an image, five eighths of each side.

    At a size of 8 that is the 5x5 pool of stride 3 that the published network for
    CIFAR has, at 7 the one of stride 2 that it has for ImageNet. The rule gives 2x2
    pixels, which the head needs, at any other size as well.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.

    Returns:
        Tensor of shape `(batch, 2, 2, channels)`.
    """
    for axis in (1, 2):
        size = x.shape[axis]
        window = -(-5 * size // 8)
        first, *_ = tf.split(x, [window, size - window], axis)
        *_, last = tf.split(x, [size - window, window], axis)
        means = [tf.reduce_mean(part, axis) for part in (first, last)]
        x = tf.stack(means, axis)
    return x


@keras.saving.register_keras_serializable("darts_tf")
class AuxiliaryHead(keras.layers.Layer):
    """ReLU, pool to 2x2, 1x1 and 2x2 convolution, classifier.

    Args:
        num_classes: Number of classes.
        last_normalized: Whether the 2x2 convolution is normalized. In the published
            network for ImageNet it is not.

    Input shape: `(batch, height, width, channels)`, any size, see `pool_corners`.
    Output shape: `(batch, num_classes)`, logits.
    """

    def __init__(self, num_classes: int, last_normalized: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_classes, self.last_normalized = num_classes, last_normalized
        dtype = self.dtype_policy
        self.units = [
            ConvolutionUnit(_FILTERS[0], 1, dtype=dtype, name="unit_0"),
            ConvolutionUnit(
                _FILTERS[1],
                2,
                relu=True,
                normalized=last_normalized,
                dtype=dtype,
                name="unit_1",
            ),
        ]
        self.classifier = keras.layers.Dense(
            num_classes,
            kernel_initializer=fan_in_uniform(_FILTERS[1]),
            bias_initializer=fan_in_uniform(_FILTERS[1]),
            dtype=dtype,
            name="classifier",
        )

    def build(self, input_shape):
        self.units[0].build((input_shape[0], 2, 2, input_shape[-1]))
        self.units[1].build((input_shape[0], 2, 2, _FILTERS[0]))
        self.classifier.build((input_shape[0], _FILTERS[1]))
        self.built = True

    def call(self, inputs, training=False):
        x = pool_corners(tf.nn.relu(inputs))
        for unit in self.units:
            x = unit(x, training=training)
        return self.classifier(tf.nn.relu(x[:, 0, 0]))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "last_normalized": self.last_normalized,
        }
