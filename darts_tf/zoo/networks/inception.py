"""Inception of the first version (Szegedy et al. 2015, arXiv 1409.4842, table 1).

In the form that its weights were published in, TF-Slim's: a normalization follows each
convolution, and what are 5x5 convolutions in the paper are 3x3. It has no auxiliary
classifiers, and no dropout before the classifier.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.errors import invalid_value
from darts_tf.zoo.networks.normalized_convolution import NormalizedConvolution
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

# The channels of each module, see `InceptionModule`; a pool of stride 2, by the side of
# its window, comes before some.
_MODULES = (
    (3, (64, 96, 128, 16, 32, 32)),
    (None, (128, 128, 192, 32, 96, 64)),
    (3, (192, 96, 208, 16, 48, 64)),
    (None, (160, 112, 224, 24, 64, 64)),
    (None, (128, 128, 256, 24, 64, 64)),
    (None, (112, 144, 288, 32, 64, 64)),
    (None, (256, 160, 320, 32, 128, 128)),
    (2, (256, 160, 320, 32, 128, 128)),
    (None, (384, 192, 384, 48, 128, 128)),
)
_STEM = ((64, 7, 2), (64, 1, 1), (192, 3, 1))


@keras.saving.register_keras_serializable("darts_tf")
class InceptionModule(keras.layers.Layer):
    """Four branches beside each other, whose channels are joined.

    A 1x1 convolution; two times a 1x1 and a 3x3 one; and a 3x3 max pool with a 1x1
    convolution after it.

    Args:
        filters: Channels of the convolutions in this order, six numbers.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, height,
    width, new_channels)`.
    """

    def __init__(self, filters: Sequence[int], **kwargs: Any):
        super().__init__(**kwargs)
        if len(filters) != 6:
            raise invalid_value("filters", "six numbers", filters)
        self.filters = tuple(filters)
        self.branches = [
            [self._unit(0, 1)],
            [self._unit(1, 1), self._unit(2, 3)],
            [self._unit(3, 1), self._unit(4, 3)],
            [self._unit(5, 1)],
        ]

    def _unit(self, index, size):
        return NormalizedConvolution(
            self.filters[index],
            size,
            dtype=self.dtype_policy,
            name=f"convolution_{index}",
        )

    def build(self, input_shape):
        for branch in self.branches:
            shape = input_shape
            for unit in branch:
                unit.build(shape)
                shape = unit.compute_output_shape(shape)
        self.built = True

    def call(self, inputs, training=False):
        pooled = tf.nn.max_pool2d(inputs, 3, 1, "SAME")
        outputs = []
        for branch, y in zip(self.branches, [inputs, inputs, inputs, pooled]):
            for unit in branch:
                y = unit(y, training=training)
            outputs.append(y)
        return tf.concat(outputs, -1)

    @property
    def output_filters(self) -> int:
        """Number of channels of the output."""
        return sum(branch[-1].filters for branch in self.branches)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.output_filters)

    def get_config(self):
        return {**super().get_config(), "filters": list(self.filters)}


@keras.saving.register_keras_serializable("darts_tf")
class InceptionV1(SequentialNetwork):
    """Three convolutions, and nine modules of four branches.

    Args:
        num_classes: Number of classes.
        width: Factor of the channels of all convolutions, which are rounded down; 1 is
            the published network.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved five times.
    """

    stem = "imagenet"

    def __init__(self, num_classes: int = 1000, width: float = 1.0, **kwargs: Any):
        super().__init__(num_classes, **kwargs)
        if not isinstance(width, float | int) or not 1 / 16 <= width <= 16:
            raise invalid_value("width", "a number from 1/16 to 16", width)
        self.width = width
        dtype, layers = self.dtype_policy, []
        for index, (filters, size, stride) in enumerate(_STEM):
            layers.append(
                NormalizedConvolution(
                    int(filters * width),
                    size,
                    stride,
                    dtype=dtype,
                    name=f"stem_{index}",
                )
            )
            if index == 0:
                layers.append(self._pool(3))
        for index, (pool, filters) in enumerate(_MODULES):
            layers += [self._pool(pool)] if pool else []
            scaled = [int(number * width) for number in filters]
            layers.append(InceptionModule(scaled, dtype=dtype, name=f"module_{index}"))
        self.stack(layers, layers[-1].output_filters)

    def _pool(self, size):
        return keras.layers.MaxPooling2D(
            size, 2, "same", "channels_last", dtype=self.dtype_policy
        )

    def get_config(self):
        return {**super().get_config(), "width": self.width}
