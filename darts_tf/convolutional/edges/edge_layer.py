"""The layer that stands around the mixed operations of edges."""

import abc
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from darts_tf.convolutional.mixed_op import MixedOp


class EdgeLayer(keras.layers.Layer, abc.ABC):
    """All edges from one state, around the mixed operations of them all.

    Args:
        mixed_op: The `MixedOp`, or another `EdgeLayer` around it.

    Call arguments:
        inputs: And the others up to `constant_inputs`: those of `MixedOp`.
        **of_edges: What else the coefficients of the edges hold, each of shape
            `(edges, ...)`, and their noise.

    Returns:
        List with what each edge adds to its node.
    """

    def __init__(self, mixed_op: keras.Layer, **kwargs: Any):
        super().__init__(**kwargs)
        self.mixed_op = mixed_op

    def build(self, inputs_shape, coefficients_shape=None):
        self.mixed_op.build(inputs_shape)
        self.built = True

    def call(
        self,
        inputs,
        coefficients,
        training=False,
        constant_weights=False,
        constant_inputs=False,
        **of_edges,
    ):
        arguments = {
            "training": training,
            "constant_weights": constant_weights,
            "constant_inputs": constant_inputs,
        }
        return self.edges(inputs, coefficients, arguments, **of_edges)

    @abc.abstractmethod
    def edges(
        self,
        inputs: Any,
        coefficients: Any,
        arguments: Mapping[str, bool],
        **of_edges: Any,
    ) -> Sequence[Any]:
        """Returns what each edge adds to its node.

        Args:
            inputs: The state.
            coefficients: Those of the operations.
            arguments: The other arguments of every mixed operation, by name.
            **of_edges: See the call arguments; what the layer does not take itself goes
                on to `mixed_op`.
        """


def innermost(layer: keras.Layer) -> MixedOp:
    """Returns the `MixedOp` that layers of edges stand around, or that a layer is."""
    while isinstance(layer, EdgeLayer):
        layer = layer.mixed_op
    return layer
