"""The layer through which a cell takes each of its inputs."""

from typing import Any

import keras

from darts_tf.autodiff import dual
from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform


@keras.saving.register_keras_serializable("darts_tf")
class Preprocess(keras.layers.Layer):
    """1x1 convolution and batch normalization of the positive part of a cell's input.

    The network takes that part, once for the two cells that read a state.

    Args:
        filters: Number of channels of the output.
        reduction: Whether to halve height and width by a factorized reduction: two
            1x1 convolutions of stride 2, the second one pixel further down and right.
        affine: Whether the batch normalization learns a scale and an offset.

    Input: positive part of a state, shape `(batch, height, width, channels)`; output
    shape `(batch, height, width, filters)`, halved (rounded up) with `reduction`.
    """

    def __init__(
        self, filters: int, reduction: bool = False, affine: bool = False, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.filters, self.reduction, self.affine = filters, reduction, affine
        self.normalization = BatchNormalization(affine, dtype=self.dtype_policy)

    def build(self, input_shape):
        channels = input_shape[-1]
        half = self.filters // 2
        filters = (half, self.filters - half) if self.reduction else (self.filters,)
        self.kernels = [
            self.add_weight(
                shape=(channels, number),
                initializer=fan_in_uniform(channels),
                name=f"kernel_{index}",
            )
            for index, number in enumerate(filters)
        ]
        self.normalization.build((*input_shape[:-1], self.filters))
        self.built = True

    def call(self, inputs, training=False):
        kernels = [dual.read(kernel) for kernel in self.kernels]
        if self.reduction:
            x = pointwise.reduce_by_phases(*pointwise.phases(inputs), *kernels)
        else:
            x = pointwise.pointwise(inputs, *kernels)
        return self.normalization(inputs=x, training=training)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        if self.reduction:
            height, width = -(-height // 2), -(-width // 2)
        return (batch, height, width, self.filters)

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "reduction": self.reduction,
            "affine": self.affine,
        }
