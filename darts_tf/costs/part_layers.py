"""The layers that parts of a network stand for, each of one tensor."""

from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.convolution_unit import ConvolutionUnit
from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.preprocess import Preprocess
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.base import source_views
from darts_tf.convolutional.primitives.darts_primitives import SkipConnect
from darts_tf.convolutional.residual_block import ResidualBlock
from darts_tf.costs.cost_model import (
    CLASSIFIER,
    LAST_NORMALIZATION,
    OPERATION,
    PREPROCESS,
    RESIDUAL,
    STEM,
    NetworkPart,
)


@keras.saving.register_keras_serializable("darts_tf.costs")
class SingleOperation(keras.layers.Layer):
    """An operation of a derived network that reads a state itself.

    In a cell the edges from a state share what they read of it; here it is computed
    for the one operation.

    Args:
        primitive, channels, stride, inputs: See `EvaluationOperation`.

    Input shape: `(batch, height, width, inputs)`; output shape `(batch, ceil(height /
    stride), ceil(width / stride), channels)`.
    """

    def __init__(
        self, primitive: str, channels: int, stride: int, inputs: int, **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.operation = EvaluationOperation(
            primitive, channels, stride, inputs, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        self.operation.build()
        self.built = True

    def call(self, inputs, training=False):
        stride = self.operation.stride
        views = source_views(inputs, self.operation.view_names, stride)
        return self.operation(views, training=training)

    def get_config(self):
        of_operation = self.operation.get_config()
        names = ("primitive", "channels", "stride", "inputs")
        return {**super().get_config(), **{name: of_operation[name] for name in names}}


@keras.saving.register_keras_serializable("darts_tf.costs")
class PooledClassifier(keras.layers.Layer):
    """The mean over all pixels, and a dense layer.

    Args:
        classes: Number of classes.
        bias: Whether the dense layer has one.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, classes)`.
    """

    def __init__(self, classes: int, bias: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(classes, use_bias=bias, dtype=self.dtype_policy)

    def build(self, input_shape):
        self.dense.build((input_shape[0], input_shape[-1]))
        self.built = True

    def call(self, inputs):
        return self.dense(tf.reduce_mean(inputs, axis=(1, 2)))

    def get_config(self):
        own = {"classes": self.dense.units, "bias": self.dense.use_bias}
        return {**super().get_config(), **own}


def is_passed_on(part: NetworkPart) -> bool:
    """Whether a part is an identity, or zeros that nobody computes."""
    if part.layer != OPERATION:
        return False
    primitive = get_primitive(part.primitive)
    is_same = part.stride == 1 and part.inputs == part.channels
    return primitive.is_zero or (is_same and isinstance(primitive, SkipConnect))


def make_layer(part: NetworkPart) -> keras.Layer:
    """Returns the layer of a part, built with new weights.

    Args:
        part: The part, of another layer than those of `WITHOUT_LAYER`.

    Raises:
        ValueError: If it names an operation that there is not.
    """
    makers = {
        OPERATION: _operation,
        STEM: _stem,
        PREPROCESS: _preprocess,
        RESIDUAL: lambda part: ResidualBlock(part.channels),
        LAST_NORMALIZATION: lambda part: BatchNormalization(),
        CLASSIFIER: lambda part: PooledClassifier(part.channels, part.bias),
    }
    layer = makers[part.layer](part)
    layer.build(part.input_shape)
    return layer


def _operation(part):
    return SingleOperation(part.primitive, part.channels, part.stride, part.inputs)


def _stem(part):
    return ConvolutionUnit(
        part.channels, 3, part.stride, part.relu, padding=part.padding
    )


def _preprocess(part):
    return Preprocess(part.channels, part.stride == 2, affine=True, relu=part.relu)
