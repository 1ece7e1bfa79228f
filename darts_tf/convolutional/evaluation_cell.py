"""The cell of the evaluation network: one primitive on each edge of a genotype."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.evaluation_operation import EvaluationOperation
from darts_tf.convolutional.input_rules import darts_layers
from darts_tf.convolutional.preprocess import grouped, preprocess_layers
from darts_tf.convolutional.primitives.base import source_views
from darts_tf.genotype.cell import Cell
from darts_tf.space.topology import SKIP


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationCell(keras.layers.Layer):
    """Cell of a genotype (paper, section 2.1 and figures 4 and 5).

    States 0 and 1 come from the outputs of the cell before the last and the last cell;
    a cell of one input reads the last one. A node is the sum of its edges, and a node
    without edges does not exist; some states are concatenated to the output, or their
    mean is. An input among them that differs from the nodes is made like them as by a
    skip connection: in a reduction cell it is halved, and one of other channels gets
    those of the nodes.

    Args:
        nodes: For each node its edges as `(primitive, source)`, as in a
            `darts_tf.genotype.convolutional_genotype.Cell`.
        concat: The states that are concatenated.
        channels: Number of channels of every state.
        reduction: Whether edges from the inputs have stride 2.
        reduction_before: Whether state 0 is twice as large as state 1.
        num_inputs, output_rule: See `Cell`.
        preprocessed: Whether the states of the inputs are made of them by `Preprocess`.
            Otherwise they are the inputs, which have the channels of the cell.
        input_layers: In place of `reduction_before` and `preprocessed` the layers
            through which each input becomes a state, see `input_rules.input_layers`.
            They take its positive part themselves.
        input_channels: With `input_layers` the number of channels of each input.

    Call arguments:
        inputs: Tuple of the positive parts of the two outputs, see `Preprocess`; of the
            outputs themselves if they are not preprocessed or there are `input_layers`.
        path_scales: Factors of the edges that are no identities, in their order, of
            shape `(num_paths, batch, 1, 1, 1)`: see `drop_path.path_scales`. Default
            is 1.
        training: Whether to normalize with the statistics of the batch.

    Output shape: `(batch, height, width, output_channels)`.
    """

    def __init__(
        self,
        nodes: Sequence,
        concat: Sequence[int],
        channels: int,
        reduction: bool = False,
        reduction_before: bool = False,
        num_inputs: int = 2,
        output_rule: str = "concat",
        preprocessed: bool = True,
        input_layers: Sequence[Sequence[str]] | None = None,
        input_channels: Sequence[int] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.cell = Cell.from_lists(nodes, concat, num_inputs, output_rule)
        self.channels = channels
        self.preprocessed = preprocessed
        self.reduction = reduction
        self.reduction_before = reduction_before
        self._has_own_layers = input_layers is not None
        if input_layers is None:
            input_layers = darts_layers(num_inputs, reduction_before, preprocessed)
        self.input_layers = tuple(map(tuple, input_layers[-num_inputs:]))
        self.input_channels = tuple(input_channels or [channels] * num_inputs)
        self.preprocess = preprocess_layers(
            self.input_layers,
            channels,
            affine=True,
            relu=self._has_own_layers,
            dtype=self.dtype_policy,
        )
        self.operations = [
            self._make_operation(edge.primitive, edge.source, f"edge_{index}")
            for index, edge in enumerate(self.cell.edges)
        ]
        self.output_reductions = [
            self._make_operation(SKIP, state, f"output_{state}")
            for state in self._converted_outputs
        ]

    def _grouped_preprocess(self):
        return grouped(self.preprocess, self.input_layers)

    def _make_operation(self, primitive, source, name):
        is_input = source < self.cell.num_inputs
        return EvaluationOperation(
            primitive,
            self.channels,
            stride=2 if self.reduction and is_input else 1,
            inputs=self._state_channels[source] if is_input else self.channels,
            dtype=self.dtype_policy,
            name=name,
        )

    @property
    def _state_channels(self):
        """Number of channels of the state that each input becomes."""
        channels = self.input_channels[-self.cell.num_inputs :]
        return [
            self.channels if layers else number
            for layers, number in zip(self.input_layers, channels)
        ]

    @property
    def _converted_outputs(self):
        """The inputs among the outputs that are not like the nodes."""
        inputs = range(self.cell.num_inputs)
        return [
            state
            for state in self.cell.outputs
            if state in inputs
            and (self.reduction or self._state_channels[state] != self.channels)
        ]

    @property
    def output_channels(self) -> int:
        """Number of channels of the output."""
        is_joined = self.cell.output_rule == "concat"
        return self.channels * (len(self.cell.outputs) if is_joined else 1)

    @property
    def num_paths(self) -> int:
        """Number of edges that drop path may drop: all but identities."""
        return sum(not operation.is_identity for operation in self.operations)

    def build(self, inputs_shape, path_scales_shape=None):
        of_inputs = inputs_shape[-self.cell.num_inputs :]
        for layers, shape in zip(self._grouped_preprocess(), of_inputs):
            for layer in layers:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
        for operation in (*self.operations, *self.output_reductions):
            operation.build()
        self.built = True

    def call(self, inputs, path_scales=None, training=False):
        states = [*inputs[-self.cell.num_inputs :]]
        for index, layers in enumerate(self._grouped_preprocess()):
            for layer in layers:
                states[index] = layer(states[index], training=training)
        views = [self._views(source, state) for source, state in enumerate(states)]
        scales = iter([] if path_scales is None else tf.unstack(path_scales))
        operations = iter(self.operations)
        for node in self.cell.nodes:
            terms = []
            for edge, operation in zip(node, operations):
                y = operation(views[edge.source], training=training)
                if path_scales is not None and not operation.is_identity:
                    y *= next(scales)
                terms.append(y)
            states.append(tf.add_n(terms) if terms else None)
            views.append(self._views(len(states) - 1, states[-1]))
        for source, operation in zip(self._converted_outputs, self.output_reductions):
            states[source] = operation(views[source], training=training)
        outputs = [states[index] for index in self.cell.outputs]
        if self.cell.output_rule == "concat":
            return tf.concat(outputs, axis=-1)
        return tf.add_n(outputs) / len(outputs)

    def _views(self, source, state):
        """What the edges from a state read of it, each computed once."""
        sources = [edge.source for edge in self.cell.edges] + self._converted_outputs
        operations = [*self.operations, *self.output_reductions]
        readers = [x for reads, x in zip(sources, operations) if reads == source]
        names = [name for reader in readers for name in reader.view_names]
        stride = 2 if self.reduction and source < self.cell.num_inputs else 1
        return source_views(state, names, stride)

    def compute_output_shape(self, inputs_shape, path_scales_shape=None):
        batch, height, width, _ = inputs_shape[-1]
        if self.reduction:
            height, width = -(-height // 2), -(-width // 2)
        return (batch, height, width, self.output_channels)

    def get_config(self):
        own = {}
        if self._has_own_layers:
            own["input_layers"] = [list(layers) for layers in self.input_layers]
            own["input_channels"] = list(self.input_channels)
        return {
            **super().get_config(),
            "nodes": self.cell.to_lists(),
            "concat": list(self.cell.outputs),
            "channels": self.channels,
            "reduction": self.reduction,
            "reduction_before": self.reduction_before,
            "num_inputs": self.cell.num_inputs,
            "output_rule": self.cell.output_rule,
            "preprocessed": self.preprocessed,
            **own,
        }
