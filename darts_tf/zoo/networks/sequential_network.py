"""The base of published networks that are no cells: layers one after the other."""

from collections.abc import Iterable
from typing import Any

import keras

from darts_tf.convolutional.image_network import ImageNetwork
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.limits import MAX_CLASSES, check_size


class SequentialNetwork(ImageNetwork):
    """Layers one after the other, a global average pooling, and a classifier.

    A subclass gives the layers to `stack` in its constructor. Each reads the output of
    the one before it, and has been told the network's dtype policy. Initial kernels are
    those of the library's other networks, not those of the papers: a normalization
    follows each convolution, or comes before the next one.

    Args:
        num_classes: Number of classes.

    Call arguments:
        inputs: Images.
        training: Whether to normalize with the statistics of the batch.

    Input shape: `(batch, height, width, channels)`, any size.
    Output shape: `(batch, num_classes)`, logits.
    """

    def __init__(self, num_classes: int, **kwargs: Any):
        super().__init__(**kwargs)
        check_size("num_classes", num_classes, 2, MAX_CLASSES)
        self.num_classes = num_classes

    def stack(self, layers: Iterable[keras.Layer], channels: int) -> None:
        """Sets the layers of the network.

        Args:
            layers: The layers before the pooling.
            channels: Number of channels of the last one's output.
        """
        dtype = self.dtype_policy
        self.body = list(layers)
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        self.classifier = keras.layers.Dense(
            self.num_classes,
            kernel_initializer=fan_in_uniform(channels),
            bias_initializer=fan_in_uniform(channels),
            dtype=dtype,
            name="classifier",
        )

    @property
    def halvings(self) -> int:
        # A side of 2**20 pixels, which no image has, is halved as often as any.
        side = 2**20
        shape = (1, side, side, self.image_channels if self.built else 3)
        for layer in self.body:
            shape = layer.compute_output_shape(shape)
        return (side // shape[1]).bit_length() - 1

    def cost_layers(self) -> list[keras.Layer]:
        return [layer for layer in (*self.body, self.classifier) if layer.weights]

    def build(self, input_shape):
        shape = input_shape
        for layer in (*self.body, self.pooling, self.classifier):
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.built = True

    def call(self, inputs, training=False):
        x = inputs
        for layer in self.body:
            x = layer(x, training=training)
        return self.classifier(self.pooling(x))

    def get_config(self):
        return {**super().get_config(), "num_classes": self.num_classes}
