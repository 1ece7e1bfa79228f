"""DenseNet with bottlenecks and compression (Huang et al. 2017, arXiv 1608.06993)."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.errors import invalid_value
from darts_tf.limits import MAX_CHANNELS, check_size
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

_BLOCKS = 3
# Channels of a bottleneck and of the first convolution, as multiples of the growth.
_BOTTLENECK, _FIRST = 4, 2
# Layers that are in no bottleneck: the first convolution, the transitions and the
# classifier.
_OTHER_LAYERS = 4
_DEEPEST = 1000


@keras.saving.register_keras_serializable("darts_tf")
class ActivatedConvolution(keras.layers.Layer):
    """Normalization, ReLU, convolution.

    Args:
        filters: Number of channels of the output.
        size: Height and width of the kernel, odd.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, height,
    width, filters)`.
    """

    def __init__(self, filters: int, size: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.filters, self.size = filters, size
        self.normalization = BatchNormalization(
            dtype=self.dtype_policy, name="normalization"
        )

    def build(self, input_shape):
        channels = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(self.size, self.size, channels, self.filters),
            initializer=fan_in_uniform(self.size**2 * channels),
            name="kernel",
        )
        self.normalization.build(input_shape)
        self.built = True

    def call(self, inputs, training=False):
        y = tf.nn.relu(self.normalization(inputs, training=training))
        return tf.nn.conv2d(y, tf.convert_to_tensor(self.kernel), 1, "SAME")

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.filters)

    def get_config(self):
        own = {"filters": self.filters, "size": self.size}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("darts_tf")
class DenseBlock(keras.layers.Layer):
    """Bottlenecks, each of which reads the outputs of all before it.

    A bottleneck is a 1x1 convolution to four times as many channels as it adds, and a
    3x3 convolution to these.

    Args:
        bottlenecks: Their number.
        growth: Number of channels that each adds.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, height,
    width, channels + bottlenecks * growth)`.
    """

    def __init__(self, bottlenecks: int, growth: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.bottlenecks, self.growth = bottlenecks, growth
        dtype = self.dtype_policy
        self.units = [
            [
                ActivatedConvolution(
                    _BOTTLENECK * growth, 1, dtype=dtype, name=f"narrow_{index}"
                ),
                ActivatedConvolution(growth, 3, dtype=dtype, name=f"wide_{index}"),
            ]
            for index in range(bottlenecks)
        ]

    def build(self, input_shape):
        *sides, channels = input_shape
        for index, (narrow, wide) in enumerate(self.units):
            shape = (*sides, channels + index * self.growth)
            narrow.build(shape)
            wide.build(narrow.compute_output_shape(shape))
        self.built = True

    def call(self, inputs, training=False):
        x = inputs
        for narrow, wide in self.units:
            y = wide(narrow(x, training=training), training=training)
            x = tf.concat([x, y], -1)
        return x

    def compute_output_shape(self, input_shape):
        *sides, channels = input_shape
        return (*sides, channels + self.bottlenecks * self.growth)

    def get_config(self):
        own = {"bottlenecks": self.bottlenecks, "growth": self.growth}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("darts_tf")
class LastActivation(keras.layers.Layer):
    """Normalization and ReLU, before the pooling of the whole image.

    Input and output shape: `(batch, height, width, channels)`.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.normalization = BatchNormalization(
            dtype=self.dtype_policy, name="normalization"
        )

    def build(self, input_shape):
        self.normalization.build(input_shape)
        self.built = True

    def call(self, inputs, training=False):
        return tf.nn.relu(self.normalization(inputs, training=training))

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        # It is overridden, because Keras' own refuses a dtype policy.
        return super().get_config()


@keras.saving.register_keras_serializable("darts_tf")
class DenseNet(SequentialNetwork):
    """A convolution, and three dense blocks with transitions in between.

    A transition halves the channels by a 1x1 convolution, and height and width by a
    2x2 average pool.

    Args:
        num_classes: Number of classes.
        depth: Number of layers one after the other, 4 more than a multiple of 6: there
            are three blocks of `(depth - 4) / 6` bottlenecks.
        growth: Number of channels that each bottleneck adds; the first convolution has
            twice as many.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved twice.

    Raises:
        ValueError: If there is no network of this depth.
    """

    def __init__(
        self, num_classes: int = 10, depth: int = 190, growth: int = 40, **kwargs: Any
    ):
        super().__init__(num_classes, **kwargs)
        check_size("depth", depth, 2 * _BLOCKS + _OTHER_LAYERS, _DEEPEST)
        check_size("growth", growth, 1, MAX_CHANNELS)
        bottlenecks, rest = divmod(depth - _OTHER_LAYERS, 2 * _BLOCKS)
        if rest:
            expected = f"{_OTHER_LAYERS} more than a multiple of {2 * _BLOCKS}"
            raise invalid_value("depth", expected, depth)
        self.depth, self.growth = depth, growth
        dtype, channels = self.dtype_policy, _FIRST * growth
        layers = [
            ConvolutionUnit(channels, 3, normalized=False, dtype=dtype, name="stem")
        ]
        for index in range(_BLOCKS):
            if index:
                channels //= 2
                layers += self._transition(channels, index - 1)
            layers.append(
                DenseBlock(bottlenecks, growth, dtype=dtype, name=f"block_{index}")
            )
            channels += bottlenecks * growth
        layers.append(LastActivation(dtype=dtype, name="last_activation"))
        self.stack(layers, channels)

    def _transition(self, channels, index):
        dtype = self.dtype_policy
        return [
            ActivatedConvolution(channels, 1, dtype=dtype, name=f"transition_{index}"),
            keras.layers.AveragePooling2D(2, 2, "valid", "channels_last", dtype=dtype),
        ]

    def get_config(self):
        own = {"depth": self.depth, "growth": self.growth}
        return {**super().get_config(), **own}
