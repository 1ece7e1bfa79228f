"""Dropout after the skip connections of a search (P-DARTS, arXiv 1904.12760)."""

import dataclasses
import zlib
from collections.abc import Callable
from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.convolutional.edges.edge_layer import EdgeLayer, innermost
from darts_tf.distribution.batch_draws import drawn_part, own_replica
from darts_tf.method.slots import PACKAGE, Edge, Progress, Values
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.topology import SKIP

# Seeds go the way of the coefficients, so that they must be exact in float16.
_SEEDS = 2048


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class SkipDropout(Edge):
    """Values that a skip connection of stride 1 passes are dropped at random.

    In an evaluation none is.

    Args:
        rate: Share that is dropped in the first epoch.
        frozen_epochs: Number of epochs in which the rate falls along a line that would
            reach 0 at the end; from there on it falls by exp(-0.2) an epoch, again from
            its first value.
        epochs: Number of epochs of the line.
        first_epoch: The epoch with the first rate, that of a stage of a search.
    """

    draws: ClassVar[bool] = True
    rate: float = 0.3
    frozen_epochs: int = 10
    epochs: int = 25
    first_epoch: int = 0

    def draw(
        self, space: CellSpace, seed: tf.Tensor, progress: Progress
    ) -> tuple[tf.Tensor, tf.Tensor]:
        return self.rate_at(progress), seed

    def rate_at(self, progress: Progress) -> tf.Tensor:
        """Returns the share that is dropped in an epoch."""
        epoch = tf.cast(progress.epoch - self.first_epoch, tf.float64)
        line = (self.epochs - epoch - 1) / self.epochs
        fall = tf.exp(-0.2 * (epoch - self.frozen_epochs))
        return self.rate * tf.where(epoch < self.frozen_epochs, line, fall)

    def layer(
        self,
        mixed_op: keras.Layer,
        channels: int,
        stride: int,
        num_targets: int,
        **arguments: Any,
    ) -> keras.Layer:
        if not self.rate:
            return mixed_op
        primitives = innermost(mixed_op).primitives
        passes = stride == 1 and SKIP in primitives
        column = primitives.index(SKIP) if passes else None
        return _DroppingEdges(mixed_op, column, **arguments)

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> dict[str, tf.Tensor]:
        if drawn is None or not self.rate:
            return {}
        rate, seed = drawn
        dtype, shape = values["alpha"].dtype, [space.num_edges, 2]
        seeds = tf.random.stateless_uniform(shape, seed, maxval=_SEEDS, dtype=tf.int32)
        replicas = {}
        if tf.distribute.get_strategy().num_replicas_in_sync > 1:
            replica = tf.cast(own_replica(), dtype)
            replicas = {"dropout_replica": tf.fill([space.num_edges, 1], replica)}
        return {
            "dropout_rate": tf.fill([space.num_edges, 1], tf.cast(rate, dtype)),
            "dropout_seed": tf.cast(seeds, dtype),
            **replicas,
        }


class _DroppingEdges(EdgeLayer):
    """All edges from one state, with dropout after their skip connections.

    `column` is that of the skip connection, `None` where it does not pass its input.
    """

    def __init__(self, mixed_op: keras.Layer, column: int | None, **kwargs: Any):
        super().__init__(mixed_op, **kwargs)
        self.column = column
        # Another one in each cell, and the same in every process.
        self.number = zlib.crc32(self.name.encode()) % 2**31

    def edges(
        self,
        inputs,
        coefficients,
        arguments,
        dropout_rate=None,
        dropout_seed=None,
        dropout_replica=None,
        **of_edges,
    ):
        outputs = self.mixed_op(
            inputs=inputs, coefficients=coefficients, **arguments, **of_edges
        )
        if dropout_rate is None or self.column is None:
            return outputs
        seeds = tf.unstack(tf.cast(dropout_seed, tf.int32))
        changes = [
            self._change(
                dual.value(inputs), rate, seed, dropout_replica, row[self.column]
            )
            for rate, seed, row in zip(
                tf.unstack(dropout_rate[:, 0]), seeds, tf.unstack(coefficients)
            )
        ]
        return [
            dual_operations.add_n([y, dual_operations.scaled(inputs, change)])
            for y, change in zip(outputs, changes)
        ]

    def _change(self, x, rate, seed, replica, coefficient):
        """What x is multiplied by, and added, to replace x by what is left of it."""
        key = tf.random.experimental.stateless_fold_in(seed, self.number)
        mask = kept_mask(tf.shape(x), rate, key, lambda: replica[0, 0])
        return coefficient * (tf.cast(mask, x.dtype) / (1 - rate) - 1)


def kept_mask(
    shape: tf.Tensor,
    rate: tf.Tensor,
    seed: tf.Tensor,
    replica: Callable[[], tf.Tensor | int] = own_replica,
) -> tf.Tensor:
    """Draws which values are kept, a boolean tensor.

    Args:
        shape: Shape of the values, those of a replica's part of a batch.
        rate: Share of them that is dropped, scalar.
        seed: Integer tensor of shape `(2,)`, the same on all replicas.
        replica: See `drawn_part`.
    """
    uniform = drawn_part(
        lambda shape: tf.random.stateless_uniform(shape, seed), shape, replica
    )
    return uniform >= tf.cast(rate, uniform.dtype)
