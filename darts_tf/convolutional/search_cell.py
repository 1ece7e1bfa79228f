"""The cell of the search network (paper, section 2.1)."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras

from darts_tf.autodiff import dual_operations
from darts_tf.convolutional import step_noise
from darts_tf.convolutional.forms.edge_operations import make_edge_types
from darts_tf.convolutional.forms.form import EDGES
from darts_tf.convolutional.input_rules import darts_layers
from darts_tf.convolutional.mixed_op import MixedOp
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.preprocess import grouped, preprocess_layers
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.errors import invalid_value
from darts_tf.method.architecture import OPERATIONS
from darts_tf.method.methods import DARTS
from darts_tf.method.slots import Edge
from darts_tf.space.cell_space import ALL, UNUSED, CellSpace


@keras.saving.register_keras_serializable("darts_tf")
class SearchCell(keras.layers.Layer):
    """Directed acyclic graph in which every edge is a mixed operation.

    States 0 and 1 come from the outputs of the cell before the last and the last cell;
    each node is the sum of the edges from all earlier states, and the output is the
    concatenation of the nodes, or what else the space says. Where the space leaves it
    to the genotype which nodes these are, all are.

    Args:
        channels: Number of channels of every state.
        primitives: Names of registered primitives.
        num_nodes: Number of intermediate nodes.
        reduction: Whether edges from the inputs have stride 2.
        reduction_before: Whether the last cell was a reduction cell, so that state 0
            is twice as large as state 1.
        space: `CellSpace` in place of `primitives` and `num_nodes`. A cell of one input
            reads the last of the two.
        edge: `Edge` of the search method.
        preprocessed: Whether the states of the inputs are made of them by `Preprocess`.
            Otherwise they are the inputs, which have the channels of the cell.
        input_layers: In place of `reduction_before` and `preprocessed` the layers
            through which each input becomes a state, see `input_rules.input_layers`.
            They take its positive part themselves.
        recompute, edge_types, form: See `MixedOp`.

    Call arguments:
        inputs: Tuple of the positive parts of the two outputs, see `Preprocess`; of the
            outputs themselves if they are not preprocessed or there are `input_layers`.
        coefficients: Dictionary of tensors with a row for each edge, in the order of
            `CellSpace.row`; see `Architecture.coefficients`.
        training, constant_weights: See `MixedOp`.
        constant_inputs: The same of both inputs, a pair.
        noise: That of the cell, see `step_noise`; needed if a primitive draws.

    Output shape: `(batch, height, width, output_channels)`.
    """

    def __init__(
        self,
        channels: int,
        primitives: Sequence[str] = DARTS_PRIMITIVES,
        num_nodes: int = 4,
        reduction: bool = False,
        reduction_before: bool = False,
        recompute: bool = False,
        space: CellSpace | None = None,
        edge: Edge = DARTS.edge,
        preprocessed: bool = True,
        input_layers: Sequence[Sequence[str]] | None = None,
        edge_types: Callable | None = None,
        form: str = EDGES,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.channels = channels
        self.space = space or CellSpace("normal", 2, num_nodes, tuple(primitives))
        self.num_nodes = self.space.num_nodes
        self.primitives = self.space.all_operations
        self.reduction = reduction
        self.reduction_before = reduction_before
        self.recompute, self.form = recompute, form
        self.edge, self.preprocessed = edge, preprocessed
        num_inputs = self.space.num_inputs
        self._has_own_layers = input_layers is not None
        if input_layers is None:
            input_layers = darts_layers(num_inputs, reduction_before, preprocessed)
        self.input_layers = tuple(map(tuple, input_layers[-num_inputs:]))
        self.preprocess = preprocess_layers(
            self.input_layers,
            channels,
            relu=self._has_own_layers,
            dtype=self.dtype_policy,
        )
        self.fans = self._make_fans()
        edge_types = edge_types or make_edge_types()
        self.mixed_ops = [self._mixed_op(fan, edge_types) for fan in self.fans]

    def _make_fans(self):
        """List of a `_Fan` for each state and list of operations of edges from it."""
        fans = []
        for source in range(self.space.num_inputs + self.num_nodes - 1):
            rows = {}
            for node in self.targets(source):
                row = self.space.row(node, source)
                rows.setdefault(self.space.operations_of(row), []).append(node)
            for index, (operations, nodes) in enumerate(rows.items()):
                name = f"{source}_{index}" if index else f"{source}"
                fans.append(_Fan(source, operations, tuple(nodes), name))
        return fans

    def _mixed_op(self, fan, edge_types):
        stride = 2 if self.reduction and fan.source < self.space.num_inputs else 1
        mixed_op = MixedOp(
            fan.operations,
            num_targets=len(fan.nodes),
            stride=stride,
            recompute=self.recompute,
            edge_types=edge_types,
            form=self.form,
            dtype=self.dtype_policy,
            name=f"mixed_op_{fan.name}",
        )
        return self.edge.layer(
            mixed_op,
            self.channels,
            stride,
            len(fan.nodes),
            dtype=self.dtype_policy,
            name=f"{self.name}_edges_{fan.name}",
        )

    def targets(self, source: int) -> range:
        """Nodes that a state reaches: all after it."""
        return range(max(0, source - self.space.num_inputs + 1), self.num_nodes)

    def build(self, inputs_shape, coefficients_shape=None):
        inputs_shape = inputs_shape[-self.space.num_inputs :]
        for layers, shape in zip(self._grouped_preprocess(), inputs_shape):
            for layer in layers:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
            of_input = tuple(shape)
            if of_input[-1] != self.channels:
                expected = f"{self.channels} channels, as the cell has"
                raise invalid_value("inputs_shape", expected, inputs_shape)
        of_node = self._node_shape(of_input)
        for fan, mixed_op in zip(self.fans, self.mixed_ops):
            is_input = fan.source < self.space.num_inputs
            mixed_op.build(of_input if is_input else of_node)
        self.built = True

    def call(
        self,
        inputs,
        coefficients,
        training=False,
        constant_weights=False,
        constant_inputs=(False, False),
        noise=None,
    ):
        # Inputs go by name, since Keras takes nothing but tensors by position.
        num_inputs = self.space.num_inputs
        states = [*inputs[-num_inputs:]]
        for index, layers in enumerate(self._grouped_preprocess()):
            for layer in layers:
                states[index] = layer(inputs=states[index], training=training)
        constant_inputs = constant_inputs[-num_inputs:]
        incoming = [[] for _ in range(self.num_nodes)]
        rows = self._by_fan(coefficients)
        noises = None if noise is None else step_noise.parts(noise, self.num_edges)
        for fan, mixed_op, of_fan in zip(self.fans, self.mixed_ops, rows):
            if noises and fan.draws:
                of_edges = [self.space.row(node, fan.source) for node in fan.nodes]
                of_fan["noise"] = [noises[row] for row in of_edges]
            if fan.source == len(states):
                states.append(self.edge.state(incoming[fan.source - num_inputs]))
            outputs = mixed_op(
                inputs=states[fan.source],
                coefficients=of_fan.pop(OPERATIONS),
                training=training,
                constant_weights=constant_weights,
                constant_inputs=fan.source < num_inputs and constant_inputs[fan.source],
                **of_fan,
            )
            for node, output in zip(fan.nodes, outputs):
                incoming[node].append(output)
        states.append(self.edge.state(incoming[-1]))
        return self._output(states[-self._num_outputs :])

    def _by_fan(self, coefficients):
        """The rows of the edges of each fan, of all coefficients."""
        order = [self.space.row(j, fan.source) for fan in self.fans for j in fan.nodes]
        sizes = [len(fan.nodes) for fan in self.fans]
        parts = {
            name: dual_operations.split(
                elementwise.chosen(of_edges, order, axis=0), sizes
            )
            for name, of_edges in coefficients.items()
        }
        return [{name: x[i] for name, x in parts.items()} for i in range(len(sizes))]

    def _output(self, states):
        if self.space.output_rule == "concat":
            return dual_operations.concat(states, axis=-1)
        return dual_operations.scaled(dual_operations.add_n(states), 1 / len(states))

    @property
    def _num_outputs(self):
        outputs = self.space.outputs
        return self.num_nodes if outputs in (ALL, UNUSED) else outputs

    @property
    def output_channels(self) -> int:
        """Number of channels of the output."""
        is_joined = self.space.output_rule == "concat"
        return self.channels * (self._num_outputs if is_joined else 1)

    def _node_shape(self, shape):
        batch, height, width, _ = shape
        stride = 2 if self.reduction else 1
        return (batch, -(-height // stride), -(-width // stride), self.channels)

    def _grouped_preprocess(self):
        return grouped(self.preprocess, self.input_layers)

    def compute_output_shape(self, inputs_shape, coefficients_shape=None):
        # The last input is as large as its state, whatever layers it goes through.
        return (*self._node_shape(inputs_shape[-1])[:3], self.output_channels)

    @property
    def num_edges(self) -> int:
        return self.space.num_edges

    def get_config(self):
        own = {"form": self.form} if self.form != EDGES else {}
        if self._has_own_layers:
            own["input_layers"] = [list(layers) for layers in self.input_layers]
        return {
            **super().get_config(),
            "channels": self.channels,
            "space": self.space.to_dict(),
            "edge": keras.saving.serialize_keras_object(self.edge),
            "reduction": self.reduction,
            "reduction_before": self.reduction_before,
            "recompute": self.recompute,
            "preprocessed": self.preprocessed,
            **own,
        }

    @classmethod
    def from_config(cls, config):
        if "space" in config:
            config["space"] = CellSpace.from_dict(config["space"])
        if "edge" in config:
            config["edge"] = keras.saving.deserialize_keras_object(config["edge"])
        return cls(**config)


class _Fan(NamedTuple):
    """The edges that leave a state and choose between the same operations.

    Attributes:
        source: The state.
        operations: The operations.
        nodes: The nodes that the edges enter.
        name: Part of the name of its layer.
    """

    source: int
    operations: tuple[str, ...]
    nodes: tuple[int, ...]
    name: str

    @property
    def draws(self) -> bool:
        """Whether an operation draws random numbers."""
        return any(get_primitive(name).draws for name in self.operations)
