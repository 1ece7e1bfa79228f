"""Batch normalization by TensorFlow's fused operation, which knows no float64."""

from collections.abc import Sequence

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import elementwise

EPSILON = 1e-5


def fused(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) -> Sequence[tf.Tensor]:
    """Normalizes with the statistics of the batch.

    Args:
        x: Tensor of shape `(batch, height, width, channels)`.
        scale, offset: Tensors of shape `(channels,)`.

    Returns:
        The normalized x, mean and unbiased variance of each channel, and the three
        tensors that `_fused_gradient` needs.
    """
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


def fused_again(
    x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, kept: Sequence[tf.Tensor]
) -> tf.Tensor:
    """Normalizes the same x again, with a gradient that need not wait for it.

    Args:
        x, scale, offset: See `fused`.
        kept: The statistics that `fused` returned for them.
    """

    @custom_gradient
    def call(x, *factors):
        def gradients(gradient):
            in_x, *sums = _fused_gradient(gradient, x, scale, kept[2:])
            return in_x, *(tf.cast(each, scale.dtype) for each in sums)

        y, *_ = fused(x, *factors)
        return y, gradients

    return call(x, scale, offset)


def dual_fused(
    x: Dual, scale: tf.Tensor, relu: bool, kept: Sequence[tf.Tensor] | None
) -> tuple[Dual, Sequence[tf.Tensor]]:
    """Normalizes x and its tangent, with a ReLU after it or not.

    The Jacobian of a normalization is symmetric: its tangent is its own gradient
    operation, applied to the tangent of x. Nothing is kept but x, its tangent and what
    is as small as the mean: also the sign of y = scale r (x - mean) follows from them.

    Args:
        x: Images and their tangent.
        scale: See `fused`.
        relu: Whether a ReLU follows.
        kept: The statistics that this returned for the same arguments, or `None`.

    Returns:
        The result, and the statistics.
    """
    statistics = None

    @custom_gradient
    def call(x, tangent, scale):
        nonlocal statistics
        y, *statistics = fused(x, scale, tf.zeros_like(scale))
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
    count = pixels(x, tf.float32)
    slope, shift, g_slope, g_shift, in_scale, product = (each / count for each in sums)
    r = tf.math.rsqrt(_biased(unbiased, x) + EPSILON)
    both = product - shift * g_shift - slope * g_slope
    on_tangent = -scale * r**2 * g_slope
    on_x = -scale * r**3 * (both - slope * g_slope)
    in_x += on_tangent * (tangent - shift) + on_x * (x - mean) - r * slope * in_tangent
    return tf.cast(in_x, images[0].dtype), count * (in_scale + r * both)


def _biased(variance, x):
    count = pixels(x, variance.dtype)
    return variance * ((count - 1) / count)


def pixels(x: tf.Tensor, dtype: tf.DType) -> tf.Tensor:
    """Returns the number of pixels of all images in a batch."""
    return tf.cast(tf.size(x) // x.shape[-1], dtype)
