"""An operation of a derived network: one primitive with weights of its own."""

import math
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.named_gradients import is_for_inference
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import BoundedUniform, Packing
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.base import NOISE
from darts_tf.convolutional.primitives.darts_primitives import SkipConnect
from darts_tf.convolutional.primitives.noise import Noise
from darts_tf.convolutional.step_noise import normal_like
from darts_tf.distribution.batch_draws import seed_of_replica
from darts_tf.errors import invalid_value


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationOperation(keras.layers.Layer):
    """One primitive with kernels and batch normalizations of its own.

    Unlike in the search network the normalizations learn a scale and an offset, and
    none follows a pool. What it draws is new at each call.

    Args:
        primitive: Name of a registered primitive.
        channels: Number of channels of the output.
        stride: 1, or 2 to halve height and width.
        inputs: Number of channels of the input; by default that of the output.

    Raises:
        ValueError: If the primitive keeps its input's channels, and these are others.

    Call arguments:
        views: What the primitive reads, see `source_views`.
        training: Whether to normalize with the statistics of the batch.

    Output shape: `(batch, ceil(height / stride), ceil(width / stride), channels)`.
    """

    def __init__(
        self,
        primitive: str,
        channels: int,
        stride: int = 1,
        inputs: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.primitive, self.channels, self.stride = primitive, channels, stride
        self.inputs = inputs or channels
        self._operation = get_primitive(primitive)
        kernels = self._asked(self._operation.kernels)
        self.packing = Packing({kernel.name: kernel for kernel in kernels})
        if self._operation.draws:
            self.seed_generator = keras.random.SeedGenerator()
        self.normalizations = []
        if self._operation.normalized_when_derived or self._changes_channels:
            self.normalizations = [
                BatchNormalization(
                    dtype=self.dtype_policy, name=f"normalization_{index}"
                )
                for index in range(len(self._normalized_channels()))
            ]

    @property
    def _changes_channels(self):
        return self.inputs != self.channels

    @property
    def _reads_nothing(self):
        return self._operation.is_zero or isinstance(self._operation, Noise)

    def _asked(self, question):
        """What the primitive says of the kernels or normalizations that it has."""
        if not self._changes_channels:
            return question(self.channels, self.stride)
        try:
            return question(self.channels, self.stride, self.inputs)
        except TypeError as error:
            expected = "one that takes `inputs`, the channels of its input"
            raise invalid_value("primitive", expected, self.primitive) from error

    def _normalized_channels(self):
        return self._asked(self._operation.normalized_channels)

    @property
    def view_names(self) -> tuple[str, ...]:
        own = ["input"] if self._operation.draws else []
        return (*self._operation.views(self.stride), *own)

    @property
    def is_identity(self) -> bool:
        is_skip = isinstance(self._operation, SkipConnect)
        return is_skip and self.stride == 1 and not self._changes_channels

    def build(self, views_shape=None):
        self.kernels = None
        if self.packing.kernels:
            self.kernels = self.add_weight(
                shape=(self.packing.size,),
                initializer=BoundedUniform(self.packing.initial_bounds()),
                name="kernels",
            )
        numbers = self._normalized_channels()
        for normalization, number in zip(self.normalizations, numbers):
            normalization.build((None, None, None, number))
        self.built = True

    def call(self, views, training=False):
        normalizations = iter(self.normalizations)

        def normalize(x, scale=None, relu=False):
            if self.normalizations:
                x = next(normalizations)(x, training=training)
            return elementwise.relu(x) if relu else x

        kernels = {}
        if self.kernels is not None:
            kernels = self.packing.unpack(tf.convert_to_tensor(self.kernels))
        if self._changes_channels and self._reads_nothing:
            views = {**views, "input": self._blank(views["input"])}
        if self._operation.draws:
            views = {**views, NOISE: self._noise(views["input"])}
        return self._operation(views, kernels, normalize, self.stride, None)

    def _blank(self, x):
        """Zeros like an input of as many channels as the output, read for its shape."""
        return tf.repeat(tf.zeros_like(x[..., :1]), self.channels, axis=-1)

    def _noise(self, x):
        if not is_for_inference():
            seed = self.seed_generator.next()
            return normal_like(seed_of_replica(seed), x, self.stride)
        # Uniform values are what all programs can draw. Of two of them comes a normal
        # one by the transform of Box and Muller.
        every = x[:, :: self.stride, :: self.stride]
        u, v = (tf.random.uniform(tf.shape(every), dtype=x.dtype) for _ in range(2))
        values = tf.sqrt(-2 * tf.math.log(1 - u)) * tf.cos(2 * math.pi * v)
        return tf.ensure_shape(values, every.shape)

    def get_config(self):
        return {
            **super().get_config(),
            "primitive": self.primitive,
            "channels": self.channels,
            "stride": self.stride,
            "inputs": self.inputs,
        }
