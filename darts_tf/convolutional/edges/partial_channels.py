"""Mixed operations of a part of the channels (PC-DARTS, arXiv 1907.05737)."""

import dataclasses
from collections.abc import Sequence
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual, linear
from darts_tf.convolutional.edges.edge_layer import EdgeLayer
from darts_tf.convolutional.forms.edge_operations import stack_flat, weighted_sums
from darts_tf.convolutional.operations import pooling
from darts_tf.errors import invalid_value
from darts_tf.method.relaxations import softmax
from darts_tf.method.slots import PACKAGE, Arrays, Edge, Parameter, Values
from darts_tf.space.cell_space import CellSpace

_BETA_STDDEV = 1e-3


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class PartialChannels(Edge):
    """The first C/k of C channels are mixed, the others pass.

    At stride 2 those that pass go through a 2x2 max pool. The channels of a node are
    then shuffled, so that the next edge mixes others: channel c k + j is channel c of
    part j.

    The edges into a node may be weighed, too: by the softmax of a parameter beta over
    them. The strength of an operation is then its coefficient times that.

    Args:
        share: k, a divisor of the number of channels.
        normalized: Whether the edges into a node are weighed.

    Raises:
        ValueError: If `share` is no integer from 1 up.
    """

    takes_duals: ClassVar[bool] = True
    share: int = 4
    normalized: bool = True

    def __post_init__(self):
        if type(self.share) is not int or self.share < 1:
            raise invalid_value("share", "an integer from 1 up", self.share)

    def parameters(self, space: CellSpace) -> dict[str, Parameter]:
        if not self.normalized:
            return {}
        initializer = keras.initializers.RandomNormal(stddev=_BETA_STDDEV)
        return {"beta": Parameter((space.num_edges,), initializer)}

    def layer(
        self,
        mixed_op: keras.Layer,
        channels: int,
        stride: int,
        num_targets: int,
        **arguments: Any,
    ) -> keras.Layer:
        if channels % self.share:
            expected = f"a divisor of {channels}, the channels of a cell"
            raise invalid_value("share", expected, self.share)
        if self.share == 1 and not self.normalized:
            return mixed_op
        return _PartialEdges(mixed_op, self.share, stride, **arguments)

    def state(self, outputs: Sequence[Any]) -> tf.Tensor | Dual:
        if self.share == 1:
            return dual_operations.add_n(outputs)
        mixed, passed = map(dual_operations.add_n, zip(*outputs))
        return _shuffled(mixed, passed, self.share)

    def coefficients(
        self, space: CellSpace, values: Values, drawn: Any = None
    ) -> dict[str, tf.Tensor]:
        if not self.normalized:
            return {}
        beta = tf.split(values["beta"], _edges_of_nodes(space))
        weights = tf.concat([tf.nn.softmax(of_node) for of_node in beta], axis=0)
        return {"edge_weights": weights[:, None]}

    def strengths(self, space: CellSpace, arrays: Arrays) -> np.ndarray | float:
        if not self.normalized:
            return 1.0
        beta = np.split(arrays["beta"], np.cumsum(_edges_of_nodes(space))[:-1])
        return np.concatenate([softmax(of_node) for of_node in beta])[:, None]

    def soft_strengths(self, space: CellSpace, values: Values) -> tf.Tensor | float:
        return self.coefficients(space, values).get("edge_weights", 1.0)


class _PartialEdges(EdgeLayer):
    """All edges from one state, of which `mixed_op` gets a part of the channels.

    Returns for each edge what is mixed and what passes, or the first alone where the
    share is 1.
    """

    def __init__(self, mixed_op: keras.Layer, share: int, stride: int, **kwargs: Any):
        super().__init__(mixed_op, **kwargs)
        self.share, self.stride = share, stride

    def build(self, inputs_shape, coefficients_shape=None):
        super().build((*inputs_shape[:-1], inputs_shape[-1] // self.share))

    def edges(self, inputs, coefficients, arguments, edge_weights=None, **of_edges):
        arguments = {**arguments, **of_edges}
        if edge_weights is not None:
            coefficients = coefficients * edge_weights
        if self.share == 1:
            return self.mixed_op(inputs=inputs, coefficients=coefficients, **arguments)
        mixed_channels = inputs.shape[-1] // self.share
        sizes = [mixed_channels, inputs.shape[-1] - mixed_channels]
        mixed, passed = dual_operations.split(inputs, sizes, axis=-1)
        if self.stride == 2:
            passed = pooling.max_pool(passed, 2, 2)
        outputs = self.mixed_op(inputs=mixed, coefficients=coefficients, **arguments)
        if edge_weights is None:
            return [(output, passed) for output in outputs]
        weighted = weighted_sums(
            edge_weights, stack_flat([passed]), [-1, *passed.shape[1:]]
        )
        return list(zip(outputs, weighted))


@linear
def _shuffled(mixed, passed, share):
    # By a transposition of three axes, which is 2.5 times as fast as a stack of the
    # parts along a last axis.
    joined = tf.concat([mixed, passed], axis=-1)
    parts = tf.reshape(joined, [-1, share, mixed.shape[-1]])
    return tf.reshape(tf.transpose(parts, [0, 2, 1]), [-1, *joined.shape[1:]])


def _edges_of_nodes(space):
    return [len(space.sources(node)) for node in range(space.num_nodes)]
