"""The block that halves images between the stages of a network."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.dual import Dual, linear
from darts_tf.convolutional.convolution_unit import ConvolutionUnit


@keras.saving.register_keras_serializable("darts_tf")
class ResidualBlock(keras.layers.Layer):
    """Two convolutions beside a pool and a 1x1 convolution, as in NAS-Bench-201.

    ReLU, 3x3 convolution of stride 2 and normalization, the same again with stride 1;
    to that is added the mean of 2x2 pixels through a 1x1 convolution without any
    (arXiv 2001.00326). The normalizations learn a scale and an offset.

    Args:
        filters: Number of channels of the output.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, ceil(height /
    2), ceil(width / 2), filters)`.
    """

    def __init__(self, filters: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.filters = filters
        dtype = self.dtype_policy
        self.units = [
            ConvolutionUnit(filters, 3, 2, relu=True, dtype=dtype, name="unit_0"),
            ConvolutionUnit(filters, 3, relu=True, dtype=dtype, name="unit_1"),
        ]
        self.shortcut = ConvolutionUnit(
            filters, 1, normalized=False, dtype=dtype, name="shortcut"
        )

    @property
    def output_channels(self) -> int:
        """Number of channels of the output."""
        return self.filters

    def build(self, input_shape):
        shape = input_shape
        for unit in self.units:
            unit.build(shape)
            shape = unit.compute_output_shape(shape)
        self.shortcut.build((*shape[:3], input_shape[-1]))
        self.built = True

    def call(self, inputs, training=False):
        x = inputs
        for unit in self.units:
            x = unit(inputs=x, training=training)
        return x + self.shortcut(inputs=_halved(inputs), training=training)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return (batch, -(-height // 2), -(-width // 2), self.filters)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters}


@linear
def _halved(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Mean of 2x2 pixels, at odd sides of those that are there."""
    return tf.nn.avg_pool2d(x, 2, 2, "SAME")
