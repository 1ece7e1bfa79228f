"""The cell of the search network (paper, section 2.1)."""

import keras
import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.convolutional.edge_operations import make_edge_types
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.preprocess import Preprocess
from darts_tf.space.topology import edge_index, num_edges


@keras.saving.register_keras_serializable("darts_tf")
class SearchCell(keras.layers.Layer):
    """Directed acyclic graph in which every edge is a mixed operation.

    States 0 and 1 come from the outputs of the cell before the last and the last cell;
    each node is the sum of the edges from all earlier states, and the output is the
    concatenation of the nodes.

    Args:
        channels: Number of channels of every state.
        primitives: Names of registered primitives.
        num_nodes: Number of intermediate nodes.
        reduction: Whether edges from states 0 and 1 have stride 2.
        reduction_before: Whether the last cell was a reduction cell, so that state 0
            is twice as large as state 1.
        recompute, edge_types: See `MixedOp`.

    Call arguments:
        inputs: Tuple of the positive parts of the two outputs, see `Preprocess`.
        coefficients: Shape `(edges, primitives)`; rows in the order of
            `darts_tf.space.topology.edge_index`.
        training, constant_weights: See `MixedOp`.
        constant_inputs: The same of both inputs, a pair.

    Output shape: `(batch, height, width, num_nodes * channels)`.
    """

    def __init__(
        self,
        channels,
        primitives,
        num_nodes=4,
        reduction=False,
        reduction_before=False,
        recompute=False,
        edge_types=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.channels = channels
        self.primitives = tuple(primitives)
        self.num_nodes = num_nodes
        self.reduction = reduction
        self.reduction_before = reduction_before
        self.recompute = recompute
        dtype, edge_types = self.dtype_policy, edge_types or make_edge_types()
        self.preprocess = [
            Preprocess(channels, reduction_before, dtype=dtype, name="preprocess_0"),
            Preprocess(channels, dtype=dtype, name="preprocess_1"),
        ]
        self.mixed_ops = [
            MixedOp(
                primitives,
                num_targets=len(self.targets(source)),
                stride=2 if reduction and source < 2 else 1,
                recompute=recompute,
                edge_types=edge_types,
                dtype=dtype,
                name=f"mixed_op_{source}",
            )
            for source in range(num_nodes + 1)
        ]

    def targets(self, source):
        """Nodes that a state reaches: all after it."""
        return range(max(0, source - 1), self.num_nodes)

    def build(self, inputs_shape, coefficients_shape=None):
        for preprocess, shape in zip(self.preprocess, inputs_shape):
            preprocess.build(shape)
        shape = self.preprocess[1].compute_output_shape(inputs_shape[1])
        for mixed_op in self.mixed_ops:
            mixed_op.build(shape)
            if mixed_op is self.mixed_ops[1]:
                shape = mixed_op.compute_output_shape(shape)[0]
        self.built = True

    def call(
        self,
        inputs,
        coefficients,
        training=False,
        constant_weights=False,
        constant_inputs=(False, False),
    ):
        # Inputs go by name, since Keras takes nothing but tensors by position.
        states = [
            preprocess(inputs=state, training=training)
            for preprocess, state in zip(self.preprocess, inputs)
        ]
        incoming = [[] for _ in range(self.num_nodes)]
        coefficients = self._by_source(coefficients)
        for source, mixed_op in enumerate(self.mixed_ops):
            if source >= 2:
                states.append(dual_operations.add_n(incoming[source - 2]))
            outputs = mixed_op(
                inputs=states[source],
                coefficients=coefficients[source],
                training=training,
                constant_weights=constant_weights,
                constant_inputs=source < 2 and constant_inputs[source],
            )
            for node, output in zip(self.targets(source), outputs):
                incoming[node].append(output)
        states.append(dual_operations.add_n(incoming[-1]))
        return dual_operations.concat(states[2:], axis=-1)

    def _by_source(self, coefficients):
        """Rows for the edges from each state, a tensor for each."""
        sources = range(self.num_nodes + 1)
        order = [
            edge_index(j, source) for source in sources for j in self.targets(source)
        ]
        sizes = [len(self.targets(source)) for source in sources]
        return tf.split(elementwise.chosen(coefficients, order, axis=0), sizes)

    def compute_output_shape(self, inputs_shape, coefficients_shape=None):
        shape = self.preprocess[1].compute_output_shape(inputs_shape[1])
        batch, height, width, _ = self.mixed_ops[0].compute_output_shape(shape)[0]
        return (batch, height, width, self.num_nodes * self.channels)

    @property
    def num_edges(self):
        return num_edges(self.num_nodes)

    def get_config(self):
        return {
            **super().get_config(),
            "channels": self.channels,
            "primitives": list(self.primitives),
            "num_nodes": self.num_nodes,
            "reduction": self.reduction,
            "reduction_before": self.reduction_before,
            "recompute": self.recompute,
        }
