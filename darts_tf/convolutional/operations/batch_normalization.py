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
from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.traced import compiled_for_gpu
from darts_tf.convolutional.operations import elementwise, global_normalization
from darts_tf.distribution import global_batch

EPSILON = 1e-5
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
            y, statistics = _fused_again(x, scale, offset, kept), kept
        else:
            y, *statistics = _fused(x, scale, offset)
    return elementwise.relu(y) if relu else y, statistics


def _by_channel(x, scale):
    channels = [x.shape[-1]]
    if scale is None:
        return tf.ones(channels, x.dtype)
    scale = tf.convert_to_tensor(scale)
    return scale if scale.shape.rank else tf.fill(channels, scale)


def _fused(x, scale, offset):
    """The normalized x, mean, unbiased variance, and what `_fused_gradient` needs."""
    nothing = tf.zeros([0], tf.float32)
    return tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=tf.cast(scale, tf.float32),
        offset=tf.cast(offset, tf.float32),
        mean=nothing,
        variance=nothing,
        epsilon=EPSILON,
        is_training=True,
    )


def _fused_gradient(gradient, x, scale, reserved):
    """Gradient in x, and the sums of x_hat * gradient and of gradient."""
    in_x, slope, shift, *_ = tf.raw_ops.FusedBatchNormGradV3(
        y_backprop=gradient,
        x=x,
        scale=tf.cast(scale, tf.float32),
        reserve_space_1=reserved[0],
        reserve_space_2=reserved[1],
        reserve_space_3=reserved[2],
        epsilon=EPSILON,
        is_training=True,
    )
    return in_x, slope, shift


def _fused_again(x, scale, offset, kept):
    """The same x normalized again, whose gradient needs neither it nor its moments."""

    @custom_gradient
    def call(x, *factors):
        def gradients(gradient):
            in_x, *sums = _fused_gradient(gradient, x, scale, kept[2:])
            return in_x, *(tf.cast(each, scale.dtype) for each in sums)

        y, *_ = _fused(x, *factors)
        return y, gradients

    return call(x, scale, offset)


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
    count = _pixels(x, variance.dtype)
    return variance * count / tf.maximum(count - 1, 1)


def _biased(variance, x):
    count = _pixels(x, variance.dtype)
    return variance * ((count - 1) / count)


def _pixels(x, dtype):
    return tf.cast(tf.size(x) // x.shape[-1], dtype)


def _channel_mean(x):
    return tf.reduce_mean(x, [0, 1, 2])


@batch_normalization.register
def _(x: Dual, scale=None, offset=None, relu=False, kept=None):
    if isinstance(scale, Dual):
        return _by_dual_scale(x, scale, offset, relu, kept)
    scale = _by_channel(x, scale)
    if x.dtype == tf.float64:
        return _dual_float64(x, scale, relu)
    return _dual_fused(x, scale, relu, kept)


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


def _dual_fused(x, scale, relu, kept):
    """As `_dual_float64`, and its derivative, by fused operations.

    The Jacobian of a normalization is symmetric: its tangent is its own gradient
    operation, applied to the tangent of x. Nothing is kept but x, its tangent and what
    is as small as the mean: also the sign of y = scale r (x - mean) follows from them.
    """
    statistics = None

    @custom_gradient
    def call(x, tangent, scale):
        nonlocal statistics
        y, *statistics = _fused(x, scale, tf.zeros_like(scale))
        reserved = (kept or statistics)[2:]
        y_tangent, *sums = _fused_gradient(tangent, x, scale, reserved)
        statistics = kept or [*statistics, *sums]
        mean, unbiased, *reserved, slope, shift = statistics

        def gradients(g, g_tangent):
            if relu:
                g, g_tangent = _where_normalized_positive(
                    [g, g_tangent], x, tf.cast(scale, mean.dtype), mean
                )
            in_tangent, *g_sums = _fused_gradient(g_tangent, x, scale, reserved)
            in_x, in_scale, _ = _fused_gradient(g, x, scale, reserved)
            products = tf.cast(tangent, mean.dtype) * tf.cast(g_tangent, mean.dtype)
            in_x, in_scale = _dual_gradient(
                [in_x, tangent, x, in_tangent],
                [slope, shift, *g_sums, in_scale, tf.reduce_sum(products, [0, 1, 2])],
                [tf.cast(scale, mean.dtype), mean, unbiased],
            )
            return in_x, in_tangent, tf.cast(in_scale, scale.dtype)

        if relu:
            y, y_tangent = elementwise.where_positive(y, y, y_tangent)
        return (y, y_tangent), gradients

    return Dual(*call(x.value, x.tangent, scale)), statistics


@tf.function(autograph=False, jit_compile=True)
def _where_normalized_positive(images, x, scale, mean):
    """The images where a normalized x is positive, and zeros elsewhere."""
    positive = scale * (tf.cast(x, mean.dtype) - mean) > 0
    return [tf.where(positive, image, 0) for image in images]


@tf.function(autograph=False, jit_compile=True)
def _dual_gradient(images, sums, statistics):
    """Gradient of a normalized x and its tangent in x and in the scale.

    Compiled, since it would go through memory seven times otherwise.

    Args:
        images: Gradient in x of the normalized x, tangent of x, x, and gradient in
            the tangent of x.
        sums: By channel, over the pixels: x_hat x', x', x_hat g', g', x_hat g and
            x' g', where g and g' are the gradients in the normalized x and its tangent.
        statistics: By channel: scale, mean, and unbiased variance.
    """
    in_x, tangent, x, in_tangent = (tf.cast(image, tf.float32) for image in images)
    scale, mean, unbiased = statistics
    count = _pixels(x, tf.float32)
    slope, shift, g_slope, g_shift, in_scale, product = (each / count for each in sums)
    r = tf.math.rsqrt(_biased(unbiased, x) + EPSILON)
    both = product - shift * g_shift - slope * g_slope
    on_tangent = -scale * r**2 * g_slope
    on_x = -scale * r**3 * (both - slope * g_slope)
    in_x += on_tangent * (tangent - shift) + on_x * (x - mean) - r * slope * in_tangent
    return tf.cast(in_x, images[0].dtype), count * (in_scale + r * both)


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
