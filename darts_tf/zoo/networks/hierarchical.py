"""The network that hierarchical evolution found (Liu et al. 2018, arXiv 1711.00436).

Its cell is a graph the edges of which are motifs, graphs themselves, whose edges are
operations. The paper describes what happens at each level and leaves the last details
open; where they matter for the number of weights, that is the published one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.errors import invalid_value
from darts_tf.genotype.cell import Cell
from darts_tf.genotype.motifs_genotype import MotifsGenotype
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, check_size
from darts_tf.space.topology import NONE
from darts_tf.zoo.networks.normalized_convolution import NormalizedConvolution
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

Nodes = Sequence[Sequence[tuple[str, int]]]

_IDENTITY, _POINTWISE, _DEPTHWISE = "identity", "conv_1x1_relu", "dep_conv_3x3_relu"
_SEPARABLE, _MAX, _AVERAGE = "sep_conv_3x3_relu", "max_pool_3x3", "avg_pool_3x3"
OPERATIONS = (_IDENTITY, _POINTWISE, _DEPTHWISE, _SEPARABLE, _MAX, _AVERAGE, NONE)

_STAGES = 3


@keras.saving.register_keras_serializable("darts_tf")
class SeparableConvolution(keras.layers.Layer):
    """Depthwise 3x3 convolution, 1x1 convolution, normalization, ReLU.

    Args:
        filters: Number of channels of the output.
        stride: Integer.

    Input shape: `(batch, height, width, channels)`; output shape `(batch, ceil(height /
    stride), ceil(width / stride), filters)`.
    """

    def __init__(self, filters: int, stride: int = 1, **kwargs: Any):
        super().__init__(**kwargs)
        self.filters, self.stride = filters, stride
        self.pointwise = NormalizedConvolution(
            filters, 1, dtype=self.dtype_policy, name="pointwise"
        )

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(3, 3, input_shape[-1], 1),
            initializer=fan_in_uniform(9),
            name="kernel",
        )
        batch, height, width, _ = self.compute_output_shape(input_shape)
        self.pointwise.build((batch, height, width, input_shape[-1]))
        self.built = True

    def call(self, inputs, training=False):
        kernel, strides = tf.convert_to_tensor(self.kernel), [1, *[self.stride] * 2, 1]
        x = tf.nn.depthwise_conv2d(inputs, kernel, strides, "SAME")
        return self.pointwise(x, training=training)

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape
        sides = (side and -(-side // self.stride) for side in sides)
        return (batch, *sides, self.filters)

    def get_config(self):
        own = {"filters": self.filters, "stride": self.stride}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("darts_tf")
class Motif(keras.layers.Layer):
    """A graph of operations, and of motifs that are graphs themselves.

    A node that several edges lead to joins what they bring along the channels and
    brings it back to as many by a 1x1 convolution and its normalization. Operations
    with a kernel are convolution, normalization and ReLU in this order.

    Args:
        nodes: For each node its edges, (name of an operation or motif, source), where
            source 0 is the input and 1 the first node. The last node is the output.
        filters: Number of channels of all nodes.
        motifs: Nodes of the motifs by name; each is made of operations and of those
            that come before it.

    Input and output shape: `(batch, height, width, filters)`.

    Raises:
        ValueError: If the graph is malformed.
    """

    def __init__(
        self,
        nodes: Nodes,
        filters: int,
        motifs: Mapping[str, Nodes] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.graph = Cell.from_lists(nodes, [len(nodes)], num_inputs=1)
        self.motifs, self.filters = dict(motifs or {}), filters
        names = (*OPERATIONS, *self.motifs)
        unknown = {edge.primitive for edge in self.graph.edges} - {*names}
        if unknown:
            expected = f"edges with some of {', '.join(names)}"
            raise invalid_value("nodes", expected, ", ".join(sorted(unknown)))
        # Of each node the source and the layers of each edge that brings something.
        self._sources = [
            [edge.source for edge in node if edge.primitive != NONE]
            for node in self.graph.nodes
        ]
        self.edges = [
            [
                self._edge(index, edge.primitive, edge.source)
                for edge in node
                if edge.primitive != NONE
            ]
            for index, node in enumerate(self.graph.nodes, start=1)
        ]
        self.merges = [
            NormalizedConvolution(
                filters,
                1,
                activation=None,
                dtype=self.dtype_policy,
                name=f"node_{node}",
            )
            if len(sources) > 1
            else None
            for node, sources in enumerate(self._sources, start=1)
        ]

    def _edge(self, node, name, source):
        common = {"dtype": self.dtype_policy, "name": f"{name}_{source}_{node}"}
        if name in self.motifs:
            names = list(self.motifs)
            earlier = {x: self.motifs[x] for x in names[: names.index(name)]}
            return [Motif(self.motifs[name], self.filters, earlier, **common)]
        return _operation(name, self.filters, common)

    def build(self, input_shape):
        *sides, channels = input_shape
        if channels != self.filters:
            raise invalid_value("input_shape", f"{self.filters} channels", input_shape)
        for edges in self.edges:
            for layers in edges:
                for layer in layers:
                    layer.build(input_shape)
        for sources, merge in zip(self._sources, self.merges):
            if merge:
                merge.build((*sides, channels * len(sources)))
        self.built = True

    def call(self, inputs, training=False):
        states = [inputs]
        for sources, edges, merge in zip(self._sources, self.edges, self.merges):
            brought = []
            for source, layers in zip(sources, edges):
                y = states[source]
                for layer in layers:
                    y = layer(y, training=training)
                brought.append(y)
            state = tf.concat(brought, -1) if brought else tf.zeros_like(inputs)
            states.append(merge(state, training=training) if merge else state)
        return states[-1]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "nodes": self.graph.to_lists(),
            "filters": self.filters,
            "motifs": self.motifs,
        }


def _operation(name, filters, common):
    """The layers of an operation: one, or none of an identity."""
    if name == _IDENTITY:
        return []
    if name == _SEPARABLE:
        return [SeparableConvolution(filters, **common)]
    if name in (_POINTWISE, _DEPTHWISE):
        sizes = (filters, 1) if name == _POINTWISE else (None, 3)
        return [NormalizedConvolution(*sizes, **common)]
    pools = {_MAX: keras.layers.MaxPooling2D, _AVERAGE: keras.layers.AveragePooling2D}
    return [pools[name](3, 1, "same", "channels_last", **common)]


@keras.saving.register_keras_serializable("darts_tf")
class HierarchicalNetwork(SequentialNetwork):
    """Three stages of cells, and a separable convolution after each cell.

    The separable convolutions between the stages halve height and width and double the
    channels.

    Args:
        num_classes: Number of classes.
        init_channels: Channels of the first stage.
        genotype: `MotifsGenotype` of the cell and its motifs, or the JSON of one;
            default is the published one.
        stage_cells: Number of cells of a stage.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved twice.
    """

    STRUCTURE: ClassVar[dict[str, str]] = {"genotype": "genotype"}

    def __init__(
        self,
        num_classes: int = 10,
        init_channels: int = 64,
        genotype: MotifsGenotype | str | None = None,
        stage_cells: int = 2,
        **kwargs: Any,
    ):
        super().__init__(num_classes, **kwargs)
        check_size("init_channels", init_channels, 1, MAX_CHANNELS)
        check_size("stage_cells", stage_cells, 1, MAX_CELLS)
        self.init_channels, self.stage_cells = init_channels, stage_cells
        if genotype is None:
            genotype = MotifsGenotype.published("hierarchical")
        elif isinstance(genotype, str):
            genotype = MotifsGenotype.from_json(genotype)
        self.genotype = genotype
        motifs = {name: motif.to_lists() for name, motif in genotype.motifs}
        nodes = genotype.cell.to_lists()
        dtype, channels = self.dtype_policy, init_channels
        layers = [
            NormalizedConvolution(
                channels, 3, activation=None, dtype=dtype, name="stem"
            )
        ]
        count = _STAGES * stage_cells
        for index in range(count):
            layers.append(
                Motif(nodes, channels, motifs, dtype=dtype, name=f"cell_{index}")
            )
            stride = 2 if index + 1 in range(stage_cells, count, stage_cells) else 1
            channels *= stride
            layers.append(
                SeparableConvolution(
                    channels, stride, dtype=dtype, name=f"after_cell_{index}"
                )
            )
        self.stack(layers, channels)

    def get_config(self):
        return {
            **super().get_config(),
            "init_channels": self.init_channels,
            "genotype": self.genotype.to_json(),
            "stage_cells": self.stage_cells,
        }
