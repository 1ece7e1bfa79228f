"""ShuffleNet of the first version (Zhang et al. 2017, arXiv 1707.01083, table 1)."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.limits import MAX_CHANNELS, check_size
from darts_tf.zoo.networks.normalized_convolution import NormalizedConvolution
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

_MOST_UNITS = 100
# Channels of the stem as a part of those of the first stage: of 24 there are 240 in the
# network with three groups, whatever the width.
_STEM_PART = 10


def shuffled(x: tf.Tensor, groups: int) -> tf.Tensor:
    """Brings channels into the order in which each group follows on another one.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.
        groups: Number of groups of channels beside each other; of channels 0 0 0 1 1 1
            it makes 0 1 0 1 0 1.
    """
    if groups == 1:
        return x
    return tf.reshape(tf.stack(tf.split(x, groups, -1), -1), [-1, *x.shape[1:]])


@keras.saving.register_keras_serializable("darts_tf")
class ShuffleUnit(keras.layers.Layer):
    """Grouped 1x1, shuffle, depthwise 3x3 and grouped 1x1 beside a shortcut.

    At stride 1 the shortcut is the input and is added; at stride 2 it is the input's
    3x3 average pool, whose channels come before those of the convolutions. A ReLU
    follows (figure 2 of the paper).

    Args:
        filters: Number of channels of the output; the 3x3 convolution has a quarter.
        input_filters: Number of channels of the input, as many as `filters` at stride
            1 and fewer at stride 2.
        stride: 1 or 2.
        groups: Number of groups of the 1x1 convolutions.
        grouped_first: Whether the first of these is grouped.

    Input shape: `(batch, height, width, input_filters)`; output shape `(batch,
    ceil(height / stride), ceil(width / stride), filters)`.

    Raises:
        ValueError: If the numbers of channels do not fit together.
    """

    def __init__(
        self,
        filters: int,
        input_filters: int,
        stride: int = 1,
        groups: int = 3,
        grouped_first: bool = True,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if filters % 4:
            raise invalid_value("filters", "a multiple of 4", filters)
        new = filters - (input_filters if stride == 2 else 0)
        if (stride == 1 and filters != input_filters) or new < 1:
            expected = f"{filters} at stride 1, and fewer at stride 2"
            raise invalid_value("input_filters", expected, input_filters)
        self.filters, self.input_filters = filters, input_filters
        self.stride, self.groups, self.grouped_first = stride, groups, grouped_first
        first_groups = groups if grouped_first else 1
        self.convolutions = [
            NormalizedConvolution(
                *arguments, dtype=self.dtype_policy, name=f"convolution_{index}"
            )
            for index, arguments in enumerate(
                (
                    (filters // 4, 1, 1, first_groups, "relu"),
                    (None, 3, stride, 1, None),
                    (new, 1, 1, groups, None),
                )
            )
        ]

    def build(self, input_shape):
        shape = input_shape
        for convolution in self.convolutions:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.built = True

    def call(self, inputs, training=False):
        first, depthwise, last = self.convolutions
        y = first(inputs, training=training)
        y = shuffled(y, first.groups)
        y = last(depthwise(y, training=training), training=training)
        if self.stride == 1:
            return tf.nn.relu(inputs + y)
        pooled = tf.nn.avg_pool2d(inputs, 3, self.stride, "SAME")
        return tf.nn.relu(tf.concat([pooled, y], -1))

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape
        sides = (side and -(-side // self.stride) for side in sides)
        return (batch, *sides, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "input_filters": self.input_filters,
            "stride": self.stride,
            "groups": self.groups,
            "grouped_first": self.grouped_first,
        }


@keras.saving.register_keras_serializable("darts_tf")
class ShuffleNet(SequentialNetwork):
    """A convolution, a pool, and stages of shuffle units.

    Each stage begins with a unit of stride 2 and doubles the channels; the first 1x1
    convolution of the first stage is not grouped, since its input has few channels.

    Args:
        num_classes: Number of classes.
        init_channels: Channels of the first stage, at least 10: 480 are the network
            that the paper calls 2x, of three groups.
        groups: Number of groups of the 1x1 convolutions.
        units: Number of units of each stage.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved once for each stage, and
            twice before.
    """

    stem = "imagenet"

    def __init__(
        self,
        num_classes: int = 1000,
        init_channels: int = 480,
        groups: int = 3,
        units: Sequence[int] = (4, 8, 4),
        **kwargs: Any,
    ):
        super().__init__(num_classes, **kwargs)
        check_size("init_channels", init_channels, _STEM_PART, MAX_CHANNELS)
        check_size("groups", groups, 1, MAX_CHANNELS)
        for number in (len(units), *units):
            check_size("units", number, 1, _MOST_UNITS)
        self.init_channels, self.groups, self.units = (
            init_channels,
            groups,
            tuple(units),
        )
        dtype, channels = self.dtype_policy, init_channels // _STEM_PART
        layers = [
            NormalizedConvolution(channels, 3, 2, dtype=dtype, name="stem"),
            keras.layers.MaxPooling2D(3, 2, "same", "channels_last", dtype=dtype),
        ]
        for stage, count in enumerate(units):
            for unit in range(count):
                filters = init_channels * 2**stage
                layers.append(
                    ShuffleUnit(
                        filters,
                        channels,
                        1 if unit else 2,
                        groups,
                        grouped_first=bool(stage or unit),
                        dtype=dtype,
                        name=f"stage_{stage}_unit_{unit}",
                    )
                )
                channels = filters
        self.stack(layers, channels)

    def get_config(self):
        return {
            **super().get_config(),
            "init_channels": self.init_channels,
            "groups": self.groups,
            "units": list(self.units),
        }
