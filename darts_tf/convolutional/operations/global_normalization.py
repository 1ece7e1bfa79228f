"""Batch normalization with the statistics of the global batch, over all replicas.

Each replica sums its own pixels and their squares, one collective operation adds the
sums of all replicas, and each normalizes with the result. All of it is differentiable,
and works on `Dual`: derivatives take as many collectives again.
"""

from collections.abc import Sequence

import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.distribution import global_batch


def totals(sums: Sequence[tf.Tensor | Dual]) -> list[tf.Tensor | Dual]:
    """Adds the sums of all replicas, in one collective operation.

    Args:
        sums: List of tensors or `Dual`s, what `channel_sums` returned.

    Returns:
        List of the totals.
    """
    sizes = [x.shape[1] for x in sums]
    joined = dual_operations.concat(sums, axis=1)
    if isinstance(joined, Dual):
        both = global_batch.total(tf.stack([joined.value, joined.tangent]))
        joined = Dual(*tf.unstack(both))
    else:
        joined = global_batch.total(joined)
    return dual_operations.split(joined, sizes, axis=1)


def channel_sums(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """What the statistics of a tensor are made of, to be added over the replicas.

    Args:
        x: Tensor or `Dual` of shape `(batch, height, width, channels)`.

    Returns:
        The same of shape `(3, channels)`: the sum, the sum of squares and the number
        of pixels, of each channel, in float32 at least.
    """

    def sums(x):
        x = tf.cast(x, tf.float64 if x.dtype == tf.float64 else tf.float32)
        count = tf.cast(tf.size(x) // x.shape[-1], x.dtype)
        return tf.stack(
            [
                tf.reduce_sum(x, [0, 1, 2]),
                tf.reduce_sum(x * x, [0, 1, 2]),
                tf.fill([x.shape[-1]], count),
            ]
        )

    return dual.forward(sums, x)


def normalization(
    x: tf.Tensor | Dual,
    sums: tf.Tensor | Dual,
    epsilon: float,
    scale: tf.Tensor | None = None,
    offset: tf.Tensor | None = None,
) -> tf.Tensor | Dual:
    """Normalizes with given statistics, through which gradients flow.

    Args:
        x: Tensor or `Dual` of shape `(batch, height, width, channels)`.
        sums: Their total over the replicas.
        epsilon: Float, added to the variance.
        scale: Scalar or tensor of shape `(channels,)`, or `None` for 1.
        offset: Tensor of shape `(channels,)`, or `None` for 0.
    """

    def normalize(x, sums, scale, offset):
        mean, variance, _ = statistics(sums)
        factor = tf.math.rsqrt(variance + epsilon)
        if scale is not None:
            factor *= tf.cast(scale, factor.dtype)
        y = (tf.cast(x, factor.dtype) - mean) * factor
        if offset is not None:
            y += tf.cast(offset, y.dtype)
        return tf.cast(y, x.dtype)

    return dual.forward(normalize, x, sums, scale, offset)


def moments(sums: tf.Tensor | Dual) -> tf.Tensor:
    """Mean and unbiased variance, shape `(2, channels)`, without gradient."""
    mean, variance, count = statistics(tf.stop_gradient(dual.value(sums)))
    return tf.stack([mean, variance * count / tf.maximum(count - 1, 1)])


def statistics(sums: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Mean, biased variance and number of pixels, by channel."""
    total, squares, count = tf.unstack(sums)
    mean = total / count
    # Rounding may leave the variance of a constant channel below zero.
    return mean, tf.maximum(squares / count - mean**2, 0), count
