"""Batch normalization as the paper's networks use it.

Keras' own layer keeps the biased variance of a batch in its moving average; the
authors' networks keep the unbiased one. Statistics are therefore handled here, as
pure functions for mixed operations and as a Keras layer for everything else.
"""

import functools
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.traced import compiled_for_gpu
from darts_tf.convolutional.operations import elementwise, global_normalization
from darts_tf.convolutional.operations.fused_normalization import (
    EPSILON,
    dual_fused,
    fused,
    fused_again,
    pixels,
)
from darts_tf.distribution import global_batch

MOMENTUM = 0.9  # what a moving statistic keeps of its old value


@functools.singledispatch
def batch_normalization(
    x: tf.Tensor | Dual,
    scale: tf.Tensor | Dual | None = None,
    offset: tf.Tensor | Dual | None = None,
    relu: bool = False,
    kept: Any = None,
) -> tuple:
    """Normalizes with the statistics of the batch.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.
        scale: Scalar or tensor of shape `(channels,)`, or `None` for 1.
        offset: Tensor of shape `(channels,)`, or `None` for 0.
        relu: Whether to return the positive part of the normalized tensor.
        kept: Statistics that this returned for the same arguments, so that the gradient
            need not wait for them.

    Returns:
        Tuple of the normalized tensor and a list of statistics, the first of which are
        the mean and the unbiased variance, both of shape `(channels,)`; their gradients
        are not defined.
    """
    if isinstance(scale, Dual):
        return _by_dual_scale(x, scale, offset, relu, kept)
    scale = _by_channel(x, scale)
    if x.dtype == tf.float64:
        y, statistics = _batch_normalization_float64(x, scale, offset)
    else:
        offset = tf.zeros_like(scale) if offset is None else offset
        if kept:
            y, statistics = fused_again(x, scale, offset, kept), kept
        else:
            y, *statistics = fused(x, scale, offset)
    return elementwise.relu(y) if relu else y, statistics


def _by_channel(x, scale):
    channels = [x.shape[-1]]
    if scale is None:
        return tf.ones(channels, x.dtype)
    scale = tf.convert_to_tensor(scale)
    return scale if scale.shape.rank else tf.fill(channels, scale)


def _batch_normalization_float64(x, scale, offset):
    """The fused operation does not know float64."""
    mean, variance = _moments(x)
    y = (x - mean) * (scale * tf.math.rsqrt(variance + EPSILON))
    y = y if offset is None else y + offset
    return y, [mean, _unbiased(variance, x)]


def _moments(x):
    """Mean and biased variance of each channel.

    `tf.nn.moments` holds the mean constant within the variance, which makes its
    second derivative wrong.
    """
    mean = _channel_mean(x)
    return mean, _channel_mean(tf.math.squared_difference(x, mean))


def _unbiased(variance, x):
    count = pixels(x, variance.dtype)
    return variance * count / tf.maximum(count - 1, 1)


def _channel_mean(x):
    return tf.reduce_mean(x, [0, 1, 2])


@batch_normalization.register
def _(x: Dual, scale=None, offset=None, relu=False, kept=None):
    if isinstance(scale, Dual):
        return _by_dual_scale(x, scale, offset, relu, kept)
    scale = _by_channel(x, scale)
    if x.dtype == tf.float64:
        return _dual_float64(x, scale, relu)
    return dual_fused(x, scale, relu, kept)


def _by_dual_scale(x, scale, offset, relu, kept):
    """Normalizes x by a scale s that moves: (s x_hat)' = s x_hat' + s' x_hat.

    The second term is x normalized once more, by s', since x_hat would have to be kept
    for the gradient, unlike x, which is.
    """
    if offset is not None:
        y, statistics = batch_normalization(x)
        y = scale * y + offset
    else:
        y, statistics = batch_normalization(x, scale.value, kept=kept)
        along, _ = batch_normalization(dual.value(x), scale.tangent, kept=kept)
        tangent = y.tangent + along if isinstance(y, Dual) else along
        y = Dual(dual.value(y), tangent)
    return elementwise.relu(y) if relu else y, statistics


def _dual_float64(x, scale, relu):
    """Normalizes x and its tangent, with a ReLU after it or not.

    With r = 1 / sqrt(variance + EPSILON) and x_hat = r (x - mean x),
    x_hat' = r (x' - mean x' - x_hat mean(x_hat x')).
    """
    x, tangent = x.value, x.tangent
    mean, variance = _moments(x)
    r = tf.math.rsqrt(variance + EPSILON)
    x_hat = (x - mean) * r
    change = tangent - _channel_mean(tangent) - x_hat * _channel_mean(x_hat * tangent)
    y = Dual(scale * x_hat, (scale * r) * change)
    return elementwise.relu(y) if relu else y, [mean, _unbiased(variance, x)]


def moving_normalization(
    x: tf.Tensor | Dual,
    mean: tf.Tensor,
    variance: tf.Tensor,
    scale: tf.Tensor | None = None,
    offset: tf.Tensor | None = None,
) -> tf.Tensor | Dual:
    """Normalizes with given statistics; arguments as `batch_normalization`."""
    factor = tf.math.rsqrt(variance + EPSILON)
    if scale is not None:
        factor *= tf.cast(scale, factor.dtype)
    shift = -mean * factor
    if offset is not None:
        shift += tf.cast(offset, shift.dtype)
    return x * tf.cast(factor, x.dtype) + tf.cast(shift, x.dtype)


class BatchStatistics:
    """Normalizer that uses the statistics of each batch and collects them.

    Call it as `normalize(x, scale)`, with `relu=True` for the positive part of that;
    `moments()` gives what it saw, in call order.

    Args:
        kept: What `kept()` of another gave, to normalize the same tensors again by it.
    """

    def __init__(self, kept: Any = None):
        self._again = iter(kept) if kept else None
        self._statistics = []

    def __call__(self, x, scale=None, relu=False):
        kept = next(self._again) if self._again else None
        y, statistics = batch_normalization(x, scale, relu=relu, kept=kept)
        self._statistics.append(statistics)
        return y

    def moments(self) -> list[tf.Tensor]:
        """Lists means and unbiased variances, shape `(2, all channels)`, if any."""
        if not self._statistics:
            return []
        means, variances, *_ = zip(*self._statistics)
        joined = [tf.concat(each, 0) for each in (means, variances)]
        return [tf.stop_gradient(tf.stack(joined))]

    def kept(self) -> list:
        """Lists the statistics of each call."""
        return self._statistics


class MovingStatistics:
    """Normalizer that takes its statistics from `moments`, in call order."""

    def __init__(self, moments: tf.Tensor):
        self._moments = moments
        self._position = 0

    def __call__(self, x, scale=None, relu=False):
        part = slice(self._position, self._position + x.shape[-1])
        self._position = part.stop
        mean, variance = tf.unstack(self._moments[:, part])
        y = moving_normalization(x, mean, variance, scale)
        return elementwise.relu(y) if relu else y

    def moments(self) -> list[tf.Tensor]:
        """Lists nothing, since the statistics are as before."""
        return []

    def kept(self) -> list:
        """Lists nothing, since the statistics are known."""
        return []


@keras.saving.register_keras_serializable("darts_tf")
class BatchNormalization(keras.layers.Layer):
    """Batch normalization with unbiased moving variance.

    Args:
        affine: Whether a scale and an offset are learned.

    Input and output shape: `(batch, height, width, channels)`.
    """

    def __init__(self, affine: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self.affine = affine

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.scale = self.offset = None
        if self.affine:
            self.scale = self.add_weight(shape=shape, initializer="ones", name="scale")
            self.offset = self.add_weight(
                shape=shape, initializer="zeros", name="offset"
            )
        self.moving_moments = add_moving_moments(self, input_shape[-1])
        self.built = True

    def call(self, inputs, training=False):
        scale, offset = (
            None if weight is None else dual.read(weight)
            for weight in (self.scale, self.offset)
        )
        if training and global_batch.is_on():
            (sums,) = global_normalization.totals(
                [global_normalization.channel_sums(inputs)]
            )
            update_moving(self.moving_moments, global_normalization.moments(sums))
            return global_normalization.normalization(
                inputs, sums, EPSILON, scale, offset
            )
        if training:
            y, statistics = batch_normalization(inputs, scale, offset)
            update_moving(self.moving_moments, statistics[:2])
            return y
        mean, variance = tf.unstack(tf.convert_to_tensor(self.moving_moments))
        return moving_normalization(inputs, mean, variance, scale, offset)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "affine": self.affine}


def add_moving_moments(layer: keras.Layer, channels: int) -> keras.Variable:
    """Adds moving means and variances, shape `(2, channels)`, to a layer.

    They are not trained and never in reduced precision.
    """

    def initializer(shape, dtype=None):
        mean, variance = tf.zeros(shape[1:], dtype), tf.ones(shape[1:], dtype)
        return tf.stack([mean, variance])

    return layer.add_weight(
        shape=(2, channels),
        initializer=initializer,
        trainable=False,
        autocast=False,
        name="moving_moments",
    )


def update_moving(
    moments: keras.Variable, batch_value: tf.Tensor | Sequence[tf.Tensor]
) -> None:
    """Moves statistics towards those of a batch, the mean and the variance."""
    moments.assign(_moved(tf.convert_to_tensor(moments), batch_value))


@compiled_for_gpu
def _moved(moments, batch_value):
    change = tf.cast(tf.convert_to_tensor(batch_value), moments.dtype) - moments
    return moments + (1 - MOMENTUM) * change
