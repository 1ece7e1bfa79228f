"""Drop path, which drops whole edges of a cell for single images."""

import keras
import tensorflow as tf

from darts_tf.distribution.batch_draws import drawn_part, own_replica


def path_scales(
    num_paths: int,
    batch_size: tf.Tensor,
    rate: float | tf.Tensor,
    seed: int | keras.random.SeedGenerator | None = None,
) -> tf.Tensor:
    """Draws the factors of edges: 0 with probability `rate`, else 1 / (1 - rate).

    Args:
        num_paths: Number of edges.
        batch_size: Number of images; each draws for itself. Under a distribution
            strategy they are one replica's part of a batch, and draw what they
            would as part of the whole batch on one device.
        rate: Scalar tensor, from 0 up and below 1.
        seed: Integer or `keras.random.SeedGenerator`.

    Returns:
        Tensor of shape `(num_paths, batch_size, 1, 1, 1)` of the dtype of `rate`.
    """
    keep = 1 - rate
    uniform = drawn_part(
        lambda shape: keras.random.uniform(shape, dtype=keep.dtype, seed=seed),
        (num_paths, batch_size, 1, 1, 1),
        own_replica,
        axis=1,
    )
    return tf.cast(uniform < keep, keep.dtype) / keep
