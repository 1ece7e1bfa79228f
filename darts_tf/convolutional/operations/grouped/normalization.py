"""Batch normalization of the images of many edges at once."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.custom_gradients import custom_gradient
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.dual_operations import in_full_precision
from darts_tf.convolutional.operations import global_normalization
from darts_tf.convolutional.operations.batch_normalization import EPSILON
from darts_tf.convolutional.operations.grouped.images import PIXELS, pixel_sums
from darts_tf.convolutional.operations.grouped.kept import Kept


def batch_normalization(
    x: tf.Tensor | Dual,
    scale: tf.Tensor | Dual,
    relu: Sequence[bool],
    kept: Kept | None = None,
) -> tuple[tf.Tensor | Dual, tf.Tensor]:
    """Normalizes each channel of each edge with the statistics of the batch.

    Args:
        x: Tensor of shape `(edges, channels, batch, height, width)`.
        scale: Tensor of shape `(edges, channels)`.
        relu: For each edge whether to return the positive part.
        kept: `Kept`, for the statistics.

    Returns:
        Tuple of the normalized tensor, and of the mean and the unbiased variance, of
        shape `(2, edges, channels)`, which have no gradient.
    """
    moments = _Moments(dual.value(x), kept or Kept())
    return _normalized(x, scale, _floor(relu), moments), moments.unbiased()


def moving_normalization(
    x: tf.Tensor | Dual,
    moments: tf.Tensor,
    scale: tf.Tensor | Dual,
    relu: Sequence[bool],
) -> tf.Tensor | Dual:
    """Normalizes with given statistics, as `batch_normalization` returns them."""
    mean, variance = (_over_pixels(x) for x in tf.unstack(moments))

    def normalize(x, scale):
        factor = tf.cast(_over_pixels(scale), mean.dtype) * tf.math.rsqrt(
            variance + EPSILON
        )
        y = x * tf.cast(factor, x.dtype) - tf.cast(mean * factor, x.dtype)
        return tf.maximum(y, tf.constant(_floor(relu), y.dtype))

    return dual.forward(normalize, x, scale)


def channel_sums(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """What statistics of all replicas are made of, see `global_normalization`.

    Args:
        x: Tensor or `Dual` of shape `(edges, channels, batch, height, width)`.

    Returns:
        The same of shape `(3, edges, channels)`.
    """

    def sums(x):
        x = in_full_precision(x)
        count = tf.cast(tf.reduce_prod(tf.shape(x)[2:]), x.dtype)
        return tf.stack(
            [
                tf.reduce_sum(x, PIXELS),
                tf.reduce_sum(x * x, PIXELS),
                tf.fill(x.shape[:2], count),
            ]
        )

    return dual.forward(sums, x)


def global_batch_normalization(
    x: tf.Tensor | Dual,
    sums: tf.Tensor | Dual,
    scale: tf.Tensor | Dual,
    relu: Sequence[bool],
) -> tf.Tensor | Dual:
    """Normalizes with the `channel_sums` of all replicas, which get gradients too.

    Arguments and result as of `batch_normalization`.
    """
    floor = _floor(relu)

    def normalize(x, sums, scale):
        mean, variance, _ = global_normalization.statistics(sums)
        factor = tf.math.rsqrt(variance + EPSILON) * tf.cast(scale, variance.dtype)
        y = in_full_precision(x) - _over_pixels(mean)
        y = tf.maximum(y * _over_pixels(factor), tf.constant(floor, y.dtype))
        return tf.cast(y, x.dtype)

    return dual.forward(normalize, x, sums, scale)


def _floor(relu):
    """What bounds the results of each edge from below."""
    return np.where(np.reshape(relu, [-1, 1, 1, 1, 1]), 0, -np.inf)


def _over_pixels(x):
    return tf.reshape(x, [*x.shape, 1, 1, 1])


def _count(x):
    """Number of pixels."""
    return tf.cast(tf.reduce_prod(tf.shape(x)[2:]), x.dtype)


def _means(*images):
    """The means over the pixels, by channel."""
    count = _count(images[0])
    return [_over_pixels(x / count) for x in pixel_sums(images)]


class _Moments:
    """The statistics of a batch of images x, by channel.

    Attributes:
        mean: The mean.
        r: 1 / sqrt(variance + EPSILON).
    """

    def __init__(self, x, kept):
        self._x = in_full_precision(x)
        self.mean = kept.value(*_means(self._x))
        squares = tf.math.squared_difference(self._x, self.mean)
        self._variance = kept.value(*_means(squares))
        self.r = tf.math.rsqrt(self._variance + EPSILON)

    def unbiased(self):
        """What `batch_normalization` returns of them."""
        count = _count(self._x)
        variance = self._variance * count / tf.maximum(count - 1, 1)
        both = tf.squeeze(tf.stack([self.mean, variance]), [3, 4, 5])
        return tf.stop_gradient(both)


def _normalized(x, scale, floor, moments):
    if isinstance(scale, Dual):
        return _by_dual_scale(x, scale, floor, moments)
    call = _of_dual if isinstance(x, Dual) else _of_tensor
    return call(x, scale, floor, moments)


def _of_tensor(x, scale, floor, moments):
    @custom_gradient
    def call(x, scale):
        def gradients(gradient):
            batch = _Batch(x, scale, moments)
            gradient = batch.above(floor, in_full_precision(gradient))
            in_x, sums = batch.gradient(gradient)
            return tf.cast(in_x, x.dtype), tf.cast(sums, scale.dtype)

        return _Batch(x, scale, moments).normalized(floor), gradients

    return call(x, scale)


class _Batch:
    """A batch of images x, with x_hat = r (x - mean).

    Args:
        x, scale: See `batch_normalization`.
        moments: `_Moments` of x.
    """

    def __init__(self, x, scale, moments):
        self._dtype, self._x = x.dtype, in_full_precision(x)
        self.scale = _over_pixels(in_full_precision(scale))
        self.r = moments.r
        self.x_hat = (self._x - moments.mean) * moments.r

    def normalized(self, floor):
        y = tf.maximum(self.scale * self.x_hat, tf.constant(floor, self._x.dtype))
        return tf.cast(y, self._dtype)

    def above(self, floor, image):
        """An image where the normalized x is above the floor, and zeros elsewhere."""
        if not np.isfinite(floor).any():
            return image
        y = self.scale * self.x_hat
        return tf.where(y > tf.constant(floor, y.dtype), image, 0)

    def gradient(self, gradient):
        """Gradient in x, and the sums of x_hat * gradient, the gradient in the scale.

        scale r (g - mean g - x_hat mean(x_hat g)); the Jacobian is symmetric, so that
        it is also the tangent of the normalized x along g.
        """
        mean, slope = _means(gradient, self.x_hat * gradient)
        return self.by_means(gradient, mean, slope), self.sum_of(slope)

    def by_means(self, gradient, mean, slope):
        """The gradient in x from the means of gradient and of x_hat * gradient."""
        return self.scale * self.r * (gradient - mean - self.x_hat * slope)

    def sum_of(self, mean):
        """The sum over the pixels, of shape `(edges, channels)`, from their mean."""
        return tf.squeeze(mean, PIXELS) * _count(self._x)


def _of_dual(x, scale, floor, moments):
    @custom_gradient
    def call(x, tangent, scale):
        batch = _Batch(x, scale, moments)
        y_tangent, _ = batch.gradient(in_full_precision(tangent))

        def gradients(*upstream):
            again = _Batch(x, scale, moments)
            upstream = [again.above(floor, in_full_precision(g)) for g in upstream]
            *in_images, in_scale = _dual_gradients(
                again, in_full_precision(tangent), *upstream
            )
            in_images = [tf.cast(each, x.dtype) for each in in_images]
            return *in_images, tf.cast(in_scale, scale.dtype)

        y_tangent = tf.cast(batch.above(floor, y_tangent), x.dtype)
        return (batch.normalized(floor), y_tangent), gradients

    return Dual(*call(x.value, x.tangent, scale))


def _dual_gradients(batch, tangent, g, g_tangent):
    """Gradient of a normalized x and its tangent in x, its tangent and the scale.

    The tangent y' = scale r (x' - mean x' - x_hat mean(x_hat x')) depends on x by r,
    x_hat and the last mean. With g' the gradient in it, and mean(a b) - mean(a) mean(b)
    - mean(x_hat a) mean(x_hat b) =: [a, b], the sum over the pixels of g' y' is count
    scale r [x', g'].
    """
    x_hat, r, scale = batch.x_hat, batch.r, batch.scale
    shift, slope, g_shift, g_slope, product, *of_g = _means(
        tangent,
        x_hat * tangent,
        g_tangent,
        x_hat * g_tangent,
        tangent * g_tangent,
        g,
        x_hat * g,
    )
    in_tangent = batch.by_means(g_tangent, g_shift, g_slope)
    in_x, in_scale = batch.by_means(g, *of_g), batch.sum_of(of_g[1])
    both = product - shift * g_shift - slope * g_slope
    # The derivative of r in x is -r^2 x_hat / count, and that of x_hat what
    # `_Batch.gradient` is, without the scale.
    centred = tangent - shift - x_hat * slope
    in_x -= scale * r**2 * (x_hat * both + g_slope * centred)
    in_x -= r * slope * in_tangent
    return in_x, in_tangent, in_scale + batch.sum_of(r * both)


def _by_dual_scale(x, scale, floor, moments):
    """Normalizes x by a scale s that moves: (s x_hat)' = s x_hat' + s' x_hat."""
    nothing = _floor([False] * len(floor))
    y = _normalized(x, scale.value, nothing, moments)
    along = _normalized(dual.value(x), scale.tangent, nothing, moments)
    tangent = y.tangent + along if isinstance(y, Dual) else along
    y, floor = dual.value(y), tf.constant(floor, y.dtype)
    return Dual(tf.maximum(y, floor), tf.where(y > floor, tangent, 0))
