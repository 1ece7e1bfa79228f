"""A skip connection beside each mixed operation, which fades (DARTS-)."""

import dataclasses
import math
from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.convolutional.edges.edge_layer import EdgeLayer, innermost
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.errors import invalid_value
from darts_tf.method.slots import PACKAGE, Edge, Progress, Values
from darts_tf.space.cell_space import CellSpace
from darts_tf.space.topology import SKIP

# The share of the first weight that is left in an epoch, by the share of epochs done.
DECAYS = {
    "constant": lambda done: tf.ones_like(done),
    "linear": lambda done: 1 - done,
    "cosine": lambda done: (1 + tf.cos(math.pi * done)) / 2,
    "slow_cosine": lambda done: tf.cos(math.pi / 2 * done),
}


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class AuxiliarySkip(Edge):
    """Every edge adds a weight times a skip connection (DARTS-, arXiv 2009.01027).

    It has no part in alpha, and no genotype has it: at stride 1 it is the identity, at
    stride 2 a factorized reduction of its own.

    Args:
        weight: That of the first epoch; with 0 there are none.
        decay: How it falls: one of `DECAYS`.
        epochs: Number of epochs until it is 0.

    Raises:
        ValueError: If `decay` is another.
    """

    draws: ClassVar[bool] = True
    takes_duals: ClassVar[bool] = True
    weight: float = 1.0
    decay: str = "linear"
    epochs: int = 50

    def __post_init__(self):
        if self.decay not in DECAYS:
            raise invalid_value("decay", f"one of {', '.join(DECAYS)}", self.decay)

    def draw(self, space: CellSpace, seed: tf.Tensor, progress: Progress) -> tf.Tensor:
        return self.settled(space, progress)

    def settled(self, space: CellSpace, progress: Progress) -> tf.Tensor:
        done = tf.cast(progress.epoch, tf.float64) / self.epochs
        return self.weight * DECAYS[self.decay](done)

    def layer(
        self,
        mixed_op: keras.Layer,
        channels: int,
        stride: int,
        num_targets: int,
        **arguments: Any,
    ) -> keras.Layer:
        if not self.weight:
            return mixed_op
        return _EdgesWithSkip(mixed_op, stride, num_targets, **arguments)

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> dict[str, tf.Tensor]:
        if not self.weight:
            return {}
        dtype = values["alpha"].dtype
        weight = tf.zeros([], dtype) if drawn is None else tf.cast(drawn, dtype)
        return {"auxiliary": tf.fill([space.num_edges, 1], weight)}


class _EdgesWithSkip(EdgeLayer):
    """All edges from one state, each with a skip connection beside `mixed_op`."""

    def __init__(
        self, mixed_op: keras.Layer, stride: int, num_targets: int, **kwargs: Any
    ):
        super().__init__(mixed_op, **kwargs)
        inner = innermost(mixed_op)
        self.skip = MixedOp(
            [SKIP],
            num_targets,
            stride,
            inner.recompute,
            inner.edge_types,
            inner.form,
            dtype=self.dtype_policy,
            name="skip",
        )

    def build(self, inputs_shape, coefficients_shape=None):
        self.skip.build(inputs_shape)
        super().build(inputs_shape)

    def edges(self, inputs, coefficients, arguments, auxiliary=None, **of_edges):
        outputs = self.mixed_op(
            inputs=inputs, coefficients=coefficients, **arguments, **of_edges
        )
        skips = self.skip(inputs=inputs, coefficients=auxiliary, **arguments)
        return [dual_operations.add_n(terms) for terms in zip(outputs, skips)]
