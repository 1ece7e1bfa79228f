"""The network that hierarchical evolution found (Liu et al. 2018, arXiv 1711.00436).

Its cell is a graph the edges of which are motifs, graphs themselves, whose edges are
operations. The paper describes what happens at each level and leaves the last details
open; where they matter for the number of weights, that is the published one.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import keras
import tensorflow as tf

from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.errors import invalid_value
from darts_tf.limits import MAX_CELLS, MAX_CHANNELS, check_size
from darts_tf.zoo.networks.normalized_convolution import NormalizedConvolution
from darts_tf.zoo.networks.sequential_network import SequentialNetwork

Graph = Sequence[tuple[int, int, str]]

_MAX, _AVERAGE, _IDENTITY = "max_pool_3x3", "avg_pool_3x3", "identity"
_POINTWISE, _DEPTHWISE = "conv_1x1", "depthwise_3x3"
_SEPARABLE = "sep_conv_3x3"
OPERATIONS = (_IDENTITY, _POINTWISE, _DEPTHWISE, _SEPARABLE, _MAX, _AVERAGE)

# Edges (from, to, operation) of each motif; node 1 is the input, the last the output.
MOTIFS: dict[str, Graph] = {
    "motif_1": (
        *((1, 2, _MAX), (1, 3, _POINTWISE), (1, 4, _SEPARABLE)),
        *((2, 3, _DEPTHWISE), (2, 4, _POINTWISE), (3, 4, _MAX)),
    ),
    "motif_2": (
        *((1, 2, _MAX), (1, 3, _DEPTHWISE), (1, 4, _POINTWISE)),
        *((2, 3, _DEPTHWISE), (2, 4, _SEPARABLE), (3, 4, _SEPARABLE)),
    ),
    "motif_3": (
        *((1, 2, _SEPARABLE), (1, 3, _DEPTHWISE), (1, 4, _SEPARABLE)),
        *((2, 3, _SEPARABLE), (2, 4, _IDENTITY), (3, 4, _AVERAGE)),
    ),
    "motif_4": (
        *((1, 2, _AVERAGE), (1, 3, _SEPARABLE), (1, 4, _IDENTITY)),
        *((2, 3, _SEPARABLE), (2, 4, _MAX), (3, 4, _AVERAGE)),
    ),
    "motif_5": (
        *((1, 2, _IDENTITY), (1, 3, _SEPARABLE), (1, 4, _SEPARABLE)),
        *((2, 3, _IDENTITY), (2, 4, _IDENTITY), (3, 4, _SEPARABLE)),
    ),
}
# The same of the cell, whose edges are motifs.
CELL: Graph = (
    *((1, 2, "motif_5"), (1, 3, "motif_3"), (1, 4, "motif_3"), (1, 5, "motif_4")),
    *((2, 3, "motif_3"), (2, 4, "motif_1"), (2, 5, "motif_5")),
    *((3, 4, "motif_3"), (3, 5, "motif_5"), (4, 5, "motif_5")),
)
_STAGES = 3
_MOST_NODES = 32


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
        graph: Edges, (from, to, name of an operation or motif), where node 1 is the
            input and the last one the output. Each goes to a later node.
        filters: Number of channels of all nodes.
        motifs: Graphs of the motifs by name; each is made of operations and of those
            that come before it.

    Input and output shape: `(batch, height, width, filters)`.

    Raises:
        ValueError: If the graph is malformed.
    """

    def __init__(
        self,
        graph: Graph,
        filters: int,
        motifs: Mapping[str, Graph] | None = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.graph = tuple((int(a), int(b), name) for a, b, name in graph)
        self.motifs, self.filters = dict(motifs or {}), filters
        self.num_nodes = max((end for _, end, _ in self.graph), default=0)
        _check(self.graph, self.num_nodes, (*OPERATIONS, *self.motifs))
        self.edges = [self._edge(*edge) for edge in self.graph]
        # Of each node but the first one; one that a single edge leads to has none.
        self.merges = [
            NormalizedConvolution(
                filters,
                1,
                activation=None,
                dtype=self.dtype_policy,
                name=f"node_{node}",
            )
            if len(self._edges_to(node)) > 1
            else None
            for node in range(2, self.num_nodes + 1)
        ]

    def _edge(self, start, end, name):
        common = {"dtype": self.dtype_policy, "name": f"{name}_{start}_{end}"}
        if name in self.motifs:
            names = list(self.motifs)
            earlier = {x: self.motifs[x] for x in names[: names.index(name)]}
            return [Motif(self.motifs[name], self.filters, earlier, **common)]
        return _operation(name, self.filters, common)

    def _edges_to(self, node):
        return [index for index, (_, end, _) in enumerate(self.graph) if end == node]

    def build(self, input_shape):
        *sides, channels = input_shape
        if channels != self.filters:
            raise invalid_value("input_shape", f"{self.filters} channels", input_shape)
        for edge in self.edges:
            for layer in edge:
                layer.build(input_shape)
        for node, merge in enumerate(self.merges, start=2):
            if merge:
                merge.build((*sides, channels * len(self._edges_to(node))))
        self.built = True

    def call(self, inputs, training=False):
        states = [inputs]
        for node, merge in enumerate(self.merges, start=2):
            brought = []
            for index in self._edges_to(node):
                y = states[self.graph[index][0] - 1]
                for layer in self.edges[index]:
                    y = layer(y, training=training)
                brought.append(y)
            state = tf.concat(brought, -1)
            states.append(merge(state, training=training) if merge else state)
        return states[-1]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "graph": [list(edge) for edge in self.graph],
            "filters": self.filters,
            "motifs": _lists(self.motifs),
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


def _check(graph, num_nodes, names):
    for start, end, name in graph:
        if name not in names:
            raise invalid_value("graph", f"some of {', '.join(names)}", name)
        if not 1 <= start < end:
            raise invalid_value("graph", "edges to later nodes", (start, end, name))
    missing = {*range(2, num_nodes + 1)} - {end for _, end, _ in graph}
    if num_nodes not in range(2, _MOST_NODES + 1) or missing:
        expected = f"edges to all nodes from 2 on, {_MOST_NODES} nodes at most"
        raise invalid_value("graph", expected, graph)


def _lists(motifs):
    return {name: [list(edge) for edge in graph] for name, graph in motifs.items()}


@keras.saving.register_keras_serializable("darts_tf")
class HierarchicalNetwork(SequentialNetwork):
    """Three stages of cells, and a separable convolution after each cell.

    The separable convolutions between the stages halve height and width and double the
    channels.

    Args:
        num_classes: Number of classes.
        init_channels: Channels of the first stage.
        cell: Graph of the cell, see `Motif`.
        motifs: Graphs of its motifs by name, see `Motif`.
        stage_cells: Number of cells of a stage.
        **kwargs: See `keras.Model`. For the call and the shapes see
            `SequentialNetwork`; images are halved twice.
    """

    def __init__(
        self,
        num_classes: int = 10,
        init_channels: int = 64,
        cell: Graph = CELL,
        motifs: Mapping[str, Graph] = MappingProxyType(MOTIFS),
        stage_cells: int = 2,
        **kwargs: Any,
    ):
        super().__init__(num_classes, **kwargs)
        check_size("init_channels", init_channels, 1, MAX_CHANNELS)
        check_size("stage_cells", stage_cells, 1, MAX_CELLS)
        self.init_channels, self.stage_cells = init_channels, stage_cells
        self.cell, self.motifs = cell, dict(motifs)
        dtype, channels = self.dtype_policy, init_channels
        layers = [
            NormalizedConvolution(
                channels, 3, activation=None, dtype=dtype, name="stem"
            )
        ]
        count = _STAGES * stage_cells
        for index in range(count):
            layers.append(
                Motif(cell, channels, self.motifs, dtype=dtype, name=f"cell_{index}")
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
            "cell": [list(edge) for edge in self.cell],
            "motifs": _lists(self.motifs),
            "stage_cells": self.stage_cells,
        }
