"""Convolution, normalization and activation, in the order of most published networks.

Padding is TensorFlow's `SAME`, as in the networks that were published for it; it has a
pixel more below and at the right than above and at the left where the stride is 2 and
the side is even.
"""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.errors import invalid_value


def grouped_conv2d(
    x: tf.Tensor, kernel: tf.Tensor, stride: int = 1, groups: int = 1
) -> tf.Tensor:
    """Convolution whose groups of channels know nothing of each other.

    Each group is a convolution of its own, since on a CPU TensorFlow has gradients of
    one of all groups in oneDNN alone.

    Args:
        x: Tensor of shape `(batch, height, width, in)`.
        kernel: Tensor of shape `(size, size, in / groups, out)`.
        stride: Integer.
        groups: Number of groups; the first `out / groups` channels of the result are
            made of the first `in / groups` of x, and so on.

    Returns:
        Tensor of shape `(batch, ceil(height / stride), ceil(width / stride), out)`.
    """
    pairs = zip(tf.split(x, groups, -1), tf.split(kernel, groups, -1))
    parts = [tf.nn.conv2d(part, own, stride, "SAME") for part, own in pairs]
    return tf.concat(parts, -1) if groups > 1 else parts[0]


@keras.saving.register_keras_serializable("darts_tf")
class NormalizedConvolution(keras.layers.Layer):
    """Convolution, batch normalization and activation.

    Args:
        filters: Number of channels of the output; `None` for a depthwise convolution,
            which keeps those of the input.
        size: Height and width of the kernel.
        stride: Integer.
        groups: Number of groups of channels, by which those of the input and of the
            output can be divided.
        activation: `"relu"`, `"relu6"`, or `None` for none.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, ceil(height /
    stride), ceil(width / stride), filters)`.

    Raises:
        ValueError: If there are groups of a depthwise convolution, or the channels
            cannot be divided.
    """

    def __init__(
        self,
        filters: int | None,
        size: int,
        stride: int = 1,
        groups: int = 1,
        activation: str | None = "relu",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if groups > 1 and (filters is None or filters % groups):
            expected = f"a number that {groups} groups divide"
            raise invalid_value("filters", expected, filters)
        self.filters, self.size, self.stride = filters, size, stride
        self.groups, self.activation = groups, activation
        self._activate = keras.activations.get(activation)
        self.normalization = BatchNormalization(
            dtype=self.dtype_policy, name="normalization"
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        if channels % self.groups:
            raise invalid_value("groups", f"a divisor of {channels}", self.groups)
        depth = channels // self.groups
        shape = (depth, self.filters) if self.filters else (channels, 1)
        fan_in = self.size**2 * (depth if self.filters else 1)
        self.kernel = self.add_weight(
            shape=(self.size, self.size, *shape),
            initializer=fan_in_uniform(fan_in),
            name="kernel",
        )
        self.normalization.build(self.compute_output_shape(input_shape))
        self.built = True

    def call(self, inputs, training=False):
        kernel = tf.convert_to_tensor(self.kernel)
        if self.filters:
            y = grouped_conv2d(inputs, kernel, self.stride, self.groups)
        else:
            strides = [1, self.stride, self.stride, 1]
            y = tf.nn.depthwise_conv2d(inputs, kernel, strides, "SAME")
        return self._activate(self.normalization(y, training=training))

    def compute_output_shape(self, input_shape):
        batch, *sides, channels = input_shape
        sides = (side and -(-side // self.stride) for side in sides)
        return (batch, *sides, self.filters or channels)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "size": self.size,
            "stride": self.stride,
            "groups": self.groups,
            "activation": self.activation,
        }
