"""The network that contains every architecture of the search space."""

import keras
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.convolutional.edge_operations import make_edge_types
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.convolutional.search_cell import SearchCell
from darts_tf.convolutional.skeleton import darts_skeleton
from darts_tf.limits import (
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_CLASSES,
    MAX_NODES,
    check_size,
)
from darts_tf.space.search_space import convolutional_space


@keras.saving.register_keras_serializable("darts_tf")
class SearchNetwork(keras.Model):
    """Stem, cells of mixed operations, and classifier (paper, section 3.1.1).

    The network owns the architecture parameters alpha, one matrix for all normal
    and one for all reduction cells. They and the weights w are disjoint and together
    all its trainable variables.

    Args:
        num_classes: Number of classes.
        init_channels: Channels C of the first cells; the stem has 3C, every
            reduction cell doubles them.
        num_cells: Number of cells.
        num_nodes: Number of intermediate nodes of a cell.
        primitives: Names of registered primitives, in the order of alpha's columns.
        reductions: Indices of the reduction cells; by default those of
            `darts_skeleton`.
        recompute: Whether the gradient computes the mixed operations again instead of
            keeping what they computed: half of the memory for a quarter more time.

    Attributes:
        space: The `SearchSpace`; the alphas are in the order of its kinds.
        takes_duals: `True`: with `dual.along`, the exact second order goes through
            dual numbers.

    Input shape: `(batch, height, width, channels)`, any size.
    Output shape: `(batch, num_classes)`, logits.

    Example:

    ```python
    network = SearchNetwork(num_classes=10)
    network.build((None, 32, 32, 3))
    print(network.genotype())
    ```
    """

    takes_duals = True

    def __init__(
        self,
        num_classes=10,
        init_channels=16,
        num_cells=8,
        num_nodes=4,
        primitives=DARTS_PRIMITIVES,
        reductions=None,
        recompute=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_size("num_classes", num_classes, 2, MAX_CLASSES)
        check_size("init_channels", init_channels, 2, MAX_CHANNELS)
        check_size("num_cells", num_cells, 1, MAX_CELLS)
        check_size("num_nodes", num_nodes, 1, MAX_NODES)
        self.num_classes = num_classes
        self.init_channels = init_channels
        self.num_cells = num_cells
        self.num_nodes = num_nodes
        self.primitives = _checked_primitives(primitives)
        self.skeleton = darts_skeleton(num_cells, init_channels, reductions=reductions)
        self.recompute = recompute
        self.space = convolutional_space(self.primitives, int(num_nodes))
        self._make_layers()

    def _make_layers(self):
        dtype, edge_types = self.dtype_policy, make_edge_types()
        self.stem_convolution = keras.layers.Conv2D(
            self.skeleton.stem[0].filters,
            3,
            padding="same",
            data_format="channels_last",
            use_bias=False,
            dtype=dtype,
        )
        self.stem_normalization = BatchNormalization(dtype=dtype)
        self.cells = [
            SearchCell(
                placed.channels,
                self.primitives,
                self.num_nodes,
                reduction=placed.stride == 2,
                reduction_before=self.skeleton.reduces_first_input(index),
                recompute=self.recompute,
                edge_types=edge_types,
                dtype=dtype,
                name=f"cell_{index}",
            )
            for index, placed in enumerate(self.skeleton.cells)
        ]
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        last = self.num_nodes * self.skeleton.cells[-1].channels
        self.classifier = keras.layers.Dense(
            self.num_classes,
            kernel_initializer=fan_in_uniform(last),
            bias_initializer=fan_in_uniform(last),
            dtype=dtype,
        )

    def build(self, input_shape):
        self._add_alphas()
        self.stem_convolution.kernel_initializer = fan_in_uniform(9 * input_shape[-1])
        self.stem_convolution.build(input_shape)
        shape = self.stem_convolution.compute_output_shape(input_shape)
        self.stem_normalization.build(shape)
        inputs, shapes = self.skeleton.next_inputs(-1, {-1: shape})
        for index, cell in enumerate(self.cells):
            cell.build(inputs)
            shapes[index] = shape = cell.compute_output_shape(inputs)
            inputs, shapes = self.skeleton.next_inputs(index, shapes)
        self.pooling.build(shape)
        self.classifier.build(self.pooling.compute_output_shape(shape))
        self.built = True

    def build_from_config(self, config):
        # Keras' own leaves a network that cannot be built as it is.
        self.build(config["input_shape"])

    def _add_alphas(self):
        self.alpha_normal, self.alpha_reduce = (
            self.add_weight(
                shape=shape,
                initializer=keras.initializers.RandomNormal(stddev=1e-3),
                autocast=False,
                name=f"alpha_{kind}",
            )
            for kind, shape in self.space.alpha_shapes().items()
        )

    def call(self, inputs, training=False, constant_weights=False):
        coefficients = {
            kind: tf.cast(
                tf.nn.softmax(tf.convert_to_tensor(alpha)), self.compute_dtype
            )
            for kind, alpha in zip(self.space.kinds, self.alphas)
        }
        output = self.stem_normalization(
            inputs=dual.call_layer(self.stem_convolution, inputs), training=training
        )
        states = {-1: elementwise.relu(output)}
        inputs, states = self.skeleton.next_inputs(-1, states)
        for index, cell in enumerate(self.cells):
            placed = self.skeleton.cells[index]
            output = cell(
                inputs=inputs,
                coefficients=coefficients[placed.kind],
                training=training,
                constant_weights=constant_weights,
                # In the stem, before the first mixed operation, alpha has no effect.
                constant_inputs=tuple(
                    constant_weights and source < 0 for source in placed.inputs
                ),
            )
            states[index] = elementwise.relu(output)
            inputs, states = self.skeleton.next_inputs(index, states)
        return dual.call_layer(self.classifier, dual.call_layer(self.pooling, output))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

    @property
    def reductions(self):
        """Indices of the cells that halve height and width."""
        cells = self.skeleton.cells
        return tuple(index for index, cell in enumerate(cells) if cell.stride == 2)

    @property
    def alphas(self):
        """Architecture parameters: those of normal, then of reduction cells."""
        return [self.alpha_normal, self.alpha_reduce]

    @property
    def weights_w(self):
        """All trainable variables but the architecture parameters."""
        alphas = {id(alpha) for alpha in self.alphas}
        return [v for v in self.trainable_variables if id(v) not in alphas]

    def genotype(self):
        """Derives the discrete architecture (paper, section 2.4)."""
        alphas = (alpha.numpy() for alpha in self.alphas)
        return self.space.derive(dict(zip(self.space.kinds, alphas)))

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "init_channels": self.init_channels,
            "num_cells": self.num_cells,
            "num_nodes": self.num_nodes,
            "primitives": list(self.primitives),
            "reductions": list(self.reductions),
            "recompute": self.recompute,
        }


def _checked_primitives(primitives):
    primitives = tuple(primitives)
    useful = [name for name in primitives if not get_primitive(name).is_zero]
    if not useful or len(set(primitives)) != len(primitives):
        raise ValueError(
            "Received an invalid value for argument `primitives`, expected different "
            "names with at least one that is not zero. "
            f"Received: primitives={primitives}."
        )
    return primitives
