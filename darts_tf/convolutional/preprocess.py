"""The layer through which a cell takes each of its inputs."""

import itertools
from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.autodiff import dual
from darts_tf.convolutional.input_rules import REDUCTION
from darts_tf.convolutional.operations import elementwise, pointwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform


@keras.saving.register_keras_serializable("darts_tf")
class Preprocess(keras.layers.Layer):
    """1x1 convolution and batch normalization of the positive part of a cell's input.

    In DARTS' rule the network takes that part, once for the two cells that read a
    state.

    Args:
        filters: Number of channels of the output.
        reduction: Whether to halve height and width by a factorized reduction: two
            1x1 convolutions of stride 2, the second one pixel further down and right.
        affine: Whether the batch normalization learns a scale and an offset.
        relu: Whether the layer takes the positive part itself.

    Input: positive part of a state, or with `relu` the state itself, shape `(batch,
    height, width, channels)`; output shape `(batch, height, width, filters)`, halved
    (rounded up) with `reduction`.
    """

    def __init__(
        self,
        filters: int,
        reduction: bool = False,
        affine: bool = False,
        relu: bool = False,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.filters, self.reduction, self.affine = filters, reduction, affine
        self.relu = relu
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
        if self.relu:
            inputs = elementwise.relu(inputs)
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
            "relu": self.relu,
        }


def preprocess_layers(
    input_layers: Sequence[Sequence[str]], filters: int, **arguments: Any
) -> list[Preprocess]:
    """Makes the layers of all inputs of a cell.

    Args:
        input_layers: Those of each input, see `input_rules.input_layers`.
        filters: Number of channels of the cell's states.
        **arguments: Further arguments of all of them.

    Returns:
        Those of the first input, then those of the next: see `grouped`.
    """
    return [
        Preprocess(
            filters,
            kind == REDUCTION,
            name=f"preprocess_{source}_{index}" if index else f"preprocess_{source}",
            **arguments,
        )
        for source, kinds in enumerate(input_layers)
        for index, kind in enumerate(kinds)
    ]


def grouped(
    layers: Sequence[Preprocess], input_layers: Sequence[Sequence[str]]
) -> list[list[Preprocess]]:
    """Returns the layers of each input, of what `preprocess_layers` returned."""
    remaining = iter(layers)
    return [list(itertools.islice(remaining, len(kinds))) for kinds in input_layers]
