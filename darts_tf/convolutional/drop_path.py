"""Drop path, which drops whole edges of a cell for single images."""

import keras
import tensorflow as tf


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
    context = tf.distribute.get_replica_context()
    replicas = context.num_replicas_in_sync if context else 1
    shape = (num_paths, replicas * batch_size, 1, 1, 1)
    keep = 1 - rate
    uniform = keras.random.uniform(shape, dtype=keep.dtype, seed=seed)
    if replicas > 1:
        first = context.replica_id_in_sync_group * batch_size
        uniform = uniform[:, first : first + batch_size]
    return tf.cast(uniform < keep, keep.dtype) / keep
