"""Random numbers of a batch that replicas share: each has those of its own part.

A replica draws what it would as part of the whole batch on one device.
"""

from collections.abc import Callable, Sequence

import tensorflow as tf


def own_replica() -> tf.Tensor | int:
    """Returns the number of this replica, 0 where no strategy runs the function.

    It is asked outside of functions that TensorFlow traces by themselves: what one
    replica has traced, all call.
    """
    context = tf.distribute.get_replica_context()
    return context.replica_id_in_sync_group if context else 0


def seed_of_replica(seed: tf.Tensor) -> tf.Tensor:
    """Returns a seed and the number of this replica, of shape `(3,)`.

    Args:
        seed: Integer tensor of shape `(2,)`, the same on all replicas.
    """
    seed = tf.cast(seed, tf.int64)
    return tf.concat([seed, [tf.cast(own_replica(), tf.int64)]], 0)


def drawn_part(
    draw: Callable[[Sequence | tf.Tensor], tf.Tensor],
    shape: Sequence | tf.Tensor,
    replica: Callable[[], tf.Tensor | int],
    axis: int = 0,
) -> tf.Tensor:
    """Draws for the whole batch, and returns the part of a replica.

    Args:
        draw: Function of a shape that returns a tensor of that shape.
        shape: Shape of the part, an integer tensor or a list of integers and tensors.
        replica: Function that returns the number of the replica, as `own_replica`; it
            is called where there are several.
        axis: That of the batch.
    """
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if replicas == 1:
        return draw(shape)
    sizes = tf.unstack(shape) if tf.is_tensor(shape) else [*shape]
    rows, sizes[axis] = sizes[axis], replicas * sizes[axis]
    first = tf.cast(replica(), tf.int32) * rows
    return draw(sizes)[(slice(None),) * axis + (slice(first, first + rows),)]
