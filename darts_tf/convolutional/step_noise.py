"""Random numbers of primitives, all of which follow from one seed of a pass.

Passes that take the same seed see the same numbers, whatever else differs: so all
passes over a batch within a step of the search are those of one function. Under a
distribution strategy each replica draws what it would as part of the whole batch on one
device.
"""

import tensorflow as tf

# Other generators give other numbers where XLA compiles.
_GENERATOR = "philox"


def noise_of(seed: tf.Tensor) -> tf.Tensor:
    """Returns what `parts` and `normal_like` take.

    Args:
        seed: Integer tensor of shape `(2,)`, the same on all replicas.
    """
    context = tf.distribute.get_replica_context()
    replica = context.replica_id_in_sync_group if context else 0
    seed = tf.cast(seed, tf.int64)
    return tf.concat([seed, [tf.cast(replica, tf.int64)]], 0)


def parts(noise: tf.Tensor, count: int) -> list[tf.Tensor]:
    """Returns a list of noises that do not depend on each other, as `noise_of` does."""
    seeds = tf.random.stateless_uniform(
        [count, 2], noise[:2], minval=None, maxval=None, dtype=tf.int64, alg=_GENERATOR
    )
    replica = tf.tile(noise[None, 2:], [count, 1])
    return tf.unstack(tf.concat([seeds, replica], 1))


def normal_like(noise: tf.Tensor, x: tf.Tensor, stride: int = 1) -> tf.Tensor:
    """Draws standard normal values in the shape of every `stride`-th pixel.

    Args:
        noise: What `noise_of` or `parts` returned.
        x: Tensor of shape `(batch, height, width, channels)`, read for its shape and
            dtype alone.
        stride: 1 or 2.
    """
    batch, (_, height, width, channels) = tf.shape(x)[0], x.shape
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    sides = [-(-side // stride) for side in (height, width)]
    values = tf.random.stateless_normal(
        [replicas * batch, *sides, channels], noise[:2], dtype=x.dtype, alg=_GENERATOR
    )
    if replicas == 1:
        return values
    first = tf.cast(noise[2], tf.int32) * batch
    return values[first : first + batch]
