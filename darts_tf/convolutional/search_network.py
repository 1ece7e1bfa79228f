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
from darts_tf.limits import (
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_CLASSES,
    MAX_NODES,
    check_size,
)
from darts_tf.space import derivation, topology


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
        reductions: Indices of the reduction cells; default `num_cells // 3` and
            `2 * num_cells // 3`.
        recompute: Whether the gradient computes the mixed operations again instead of
            keeping what they computed: half of the memory for a quarter more time.

    Attributes:
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
        self.reductions = _checked_reductions(reductions, num_cells)
        self.recompute = recompute
        self._make_layers()

    def _make_layers(self):
        dtype, edge_types = self.dtype_policy, make_edge_types()
        self.stem_convolution = keras.layers.Conv2D(
            3 * self.init_channels,
            3,
            padding="same",
            data_format="channels_last",
            use_bias=False,
            dtype=dtype,
        )
        self.stem_normalization = BatchNormalization(dtype=dtype)
        self.cells = []
        channels = self.init_channels
        for index in range(self.num_cells):
            reduction = index in self.reductions
            channels *= 2 if reduction else 1
            cell = SearchCell(
                channels,
                self.primitives,
                self.num_nodes,
                reduction,
                reduction_before=index - 1 in self.reductions,
                recompute=self.recompute,
                edge_types=edge_types,
                dtype=dtype,
                name=f"cell_{index}",
            )
            self.cells.append(cell)
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        last = self.num_nodes * channels
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
        shapes = [shape, shape]
        for cell in self.cells:
            cell.build(shapes)
            shapes = [shapes[1], cell.compute_output_shape(shapes)]
        self.pooling.build(shapes[1])
        self.classifier.build(self.pooling.compute_output_shape(shapes[1]))
        self.built = True

    def build_from_config(self, config):
        # Keras' own leaves a network that cannot be built as it is.
        self.build(config["input_shape"])

    def _add_alphas(self):
        shape = (topology.num_edges(self.num_nodes), len(self.primitives))
        self.alpha_normal, self.alpha_reduce = (
            self.add_weight(
                shape=shape,
                initializer=keras.initializers.RandomNormal(stddev=1e-3),
                autocast=False,
                name=f"alpha_{kind}",
            )
            for kind in ("normal", "reduce")
        )

    def call(self, inputs, training=False, constant_weights=False):
        coefficients = [
            tf.cast(tf.nn.softmax(tf.convert_to_tensor(alpha)), self.compute_dtype)
            for alpha in self.alphas
        ]
        output = self.stem_normalization(
            inputs=dual.call_layer(self.stem_convolution, inputs), training=training
        )
        states = [elementwise.relu(output)] * 2
        for index, cell in enumerate(self.cells):
            output = cell(
                inputs=states,
                coefficients=coefficients[cell.reduction],
                training=training,
                constant_weights=constant_weights,
                # Before its first mixed operation alpha has no effect.
                constant_inputs=(
                    constant_weights and index < 2,
                    constant_weights and index < 1,
                ),
            )
            states = [states[1], elementwise.relu(output)]
        return dual.call_layer(self.classifier, dual.call_layer(self.pooling, output))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

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
        normal, reduce = (alpha.numpy() for alpha in self.alphas)
        return derivation.derive(normal, reduce, self.primitives)

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


def _checked_reductions(reductions, num_cells):
    if reductions is None:
        return tuple(sorted({num_cells // 3, 2 * num_cells // 3}))
    reductions = tuple(sorted(reductions))
    if not set(reductions) <= set(range(num_cells)):
        raise ValueError(
            "Received an invalid value for argument `reductions`, expected indices of "
            f"cells, 0 to {num_cells - 1}. Received: reductions={reductions}."
        )
    return reductions
