"""The network that contains every architecture of the search space."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.convolutional import step_noise
from darts_tf.convolutional.forms.form import EDGES, checked_form
from darts_tf.convolutional.input_rules import PREPROCESS
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import fan_in_uniform
from darts_tf.convolutional.primitives import DARTS_PRIMITIVES, get_primitive
from darts_tf.convolutional.residual_block import ResidualBlock
from darts_tf.convolutional.search_cells import (
    check_skeleton,
    check_space,
    checked_primitives,
    kind_in_space,
    make_search_cells,
)
from darts_tf.convolutional.skeleton import Skeleton, darts_skeleton
from darts_tf.distribution.batch_draws import seed_of_replica
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.limits import (
    MAX_CELLS,
    MAX_CHANNELS,
    MAX_CLASSES,
    MAX_NODES,
    check_size,
)
from darts_tf.method.architecture import Architecture, Coefficients
from darts_tf.method.methods import DARTS, SearchMethod
from darts_tf.space.search_space import SearchSpace, convolutional_space


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
        space: `SearchSpace` in place of `primitives` and `num_nodes`. Where it has one
            kind of cell, all cells are of it; a cell of n inputs reads the last n
            outputs, 1 or 2; its pairs are of the edges that its states have.
        method: `SearchMethod`; default is that of DARTS.
        skeleton: `Skeleton` in place of `init_channels`, `num_cells` and `reductions`.
        form: "edges" computes each edge by itself, "grouped" all edges from a state at
            once, as a GPU wants it. Weights and results are the same.

    Call arguments:
        inputs: See below.
        training, constant_weights: See `MixedOp`.
        coefficients: What `coefficients` returns, by default for the values of alpha.
        noise: Integer tensor of shape `(3,)` from which all random numbers of the
            primitives follow, see `batch_draws.seed_of_replica`; by default there are
            new ones at each call.

    Attributes:
        space, method: As given.
        skeleton: `Skeleton`.
        draws_noise: Whether a primitive draws random numbers.
        architecture: `Architecture`, the parameters alpha; after `build`.
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
        num_classes: int = 10,
        init_channels: int = 16,
        num_cells: int = 8,
        num_nodes: int = 4,
        primitives: Sequence[str] = DARTS_PRIMITIVES,
        reductions: Iterable[int] | None = None,
        recompute: bool = False,
        space: SearchSpace | None = None,
        method: SearchMethod = DARTS,
        skeleton: Skeleton | None = None,
        form: str = EDGES,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        check_size("num_classes", num_classes, 2, MAX_CLASSES)
        check_size("init_channels", init_channels, 2, MAX_CHANNELS)
        check_size("num_cells", num_cells, 1, MAX_CELLS)
        check_size("num_nodes", num_nodes, 1, MAX_NODES)
        self.num_classes = num_classes
        self.init_channels = init_channels
        self.num_cells = num_cells
        self._has_own_space = space is not None
        if space is None:
            space = convolutional_space(checked_primitives(primitives), int(num_nodes))
        else:
            check_space(space)
        self.space, self.method = space, method
        self.num_nodes = max(cell.num_nodes for cell in space.cells)
        self.primitives = space.cells[0].all_operations
        self._has_own_skeleton = skeleton is not None
        if skeleton is None:
            skeleton = darts_skeleton(num_cells, init_channels, reductions=reductions)
        check_skeleton(skeleton)
        self.skeleton = skeleton
        self.recompute, self.form = recompute, checked_form(form)
        names = [name for cell in space.cells for name in cell.all_operations]
        self.draws_noise = any(get_primitive(name).draws for name in names)
        if self.draws_noise:
            self.seed_generator = keras.random.SeedGenerator()
        self._make_layers()

    def _make_layers(self):
        dtype = self.dtype_policy
        self.stem_convolution = keras.layers.Conv2D(
            self.skeleton.stem[0].filters,
            3,
            padding="same",
            data_format="channels_last",
            use_bias=False,
            dtype=dtype,
        )
        self.stem_normalization = BatchNormalization(dtype=dtype)
        self.cells = make_search_cells(
            self.skeleton,
            self.space,
            self.method.edge,
            dtype,
            recompute=self.recompute,
            form=self.form,
        )
        self.last_normalization = None
        if self.skeleton.last_normalized:
            self.last_normalization = BatchNormalization(dtype=dtype)
        self.pooling = keras.layers.GlobalAveragePooling2D("channels_last", dtype=dtype)
        last = self.cells[-1].output_channels
        self.classifier = keras.layers.Dense(
            self.num_classes,
            use_bias=self.skeleton.classifier_bias,
            kernel_initializer=fan_in_uniform(last),
            bias_initializer=fan_in_uniform(last),
            dtype=dtype,
        )

    def build(self, input_shape):
        self.architecture = Architecture(self.space, self.method, self.add_weight)
        self.stem_convolution.kernel_initializer = fan_in_uniform(9 * input_shape[-1])
        self.stem_convolution.build(input_shape)
        shape = self.stem_convolution.compute_output_shape(input_shape)
        self.stem_normalization.build(shape)
        inputs, shapes = self.skeleton.next_inputs(-1, {-1: shape})
        for index, cell in enumerate(self.cells):
            of_cell = inputs[0] if isinstance(cell, ResidualBlock) else inputs
            cell.build(of_cell)
            shapes[index] = shape = cell.compute_output_shape(of_cell)
            inputs, shapes = self.skeleton.next_inputs(index, shapes)
        if self.last_normalization:
            self.last_normalization.build(shape)
        self.pooling.build(shape)
        self.classifier.build(self.pooling.compute_output_shape(shape))
        self.built = True

    def build_from_config(self, config):
        # It is overridden, because Keras' own says nothing where the network cannot be
        # built, and leaves it as it is.
        self.build(config["input_shape"])

    def coefficients(
        self, values: Sequence[tf.Tensor] | None = None, drawn: Any = None
    ) -> Coefficients:
        """Returns what alpha stands for, see `Architecture.coefficients`."""
        return self.architecture.coefficients(values, drawn)

    def call(
        self,
        inputs,
        training=False,
        constant_weights=False,
        coefficients=None,
        noise=None,
    ):
        if coefficients is None:
            coefficients = self.coefficients()
        coefficients = tf.nest.map_structure(
            lambda x: dual_operations.cast(x, self.compute_dtype), coefficients
        )
        output = self.stem_normalization(
            inputs=dual.call_layer(self.stem_convolution, inputs), training=training
        )
        states = {-1: self._read_by_cells(output)}
        inputs, states = self.skeleton.next_inputs(-1, states)
        noises = self._noises(noise)
        for index in range(len(self.cells)):
            how = {**noises[index], "constant_weights": constant_weights}
            output = self._cell_output(index, inputs, coefficients, training, how)
            states[index] = self._read_by_cells(output)
            inputs, states = self.skeleton.next_inputs(index, states)
        if self.last_normalization:
            output = self.last_normalization(inputs=output, training=training)
        if self.last_normalization or self.skeleton.last_relu:
            output = elementwise.relu(output)
        return dual.call_layer(self.classifier, dual.call_layer(self.pooling, output))

    def _cell_output(self, index, inputs, coefficients, training, how):
        """The output of a cell or block, from what it reads; `how` is for cells."""
        cell, placed = self.cells[index], self.skeleton.cells[index]
        if isinstance(cell, ResidualBlock):
            return cell(inputs=inputs[0], training=training)
        return cell(
            # Keras takes tensors or others, but not both together.
            inputs=dual.all_or_none(inputs),
            coefficients=coefficients[kind_in_space(self.space, placed)],
            training=training,
            # The stem's output is constant in alpha, which acts from the first mixed
            # operation on.
            constant_inputs=tuple(
                how["constant_weights"] and source < 0 for source in placed.inputs
            ),
            **how,
        )

    def _read_by_cells(self, output):
        """What cells read of an output: its positive part, if they preprocess it."""
        is_read = self.skeleton.input_rule == PREPROCESS
        return elementwise.relu(output) if is_read else output

    def _noises(self, noise):
        """The argument of each cell from which its random numbers follow, if any."""
        if not self.draws_noise:
            return [{}] * len(self.cells)
        if noise is None:
            noise = seed_of_replica(self.seed_generator.next())
        return [{"noise": x} for x in step_noise.parts(noise, len(self.cells))]

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.num_classes)

    @property
    def reductions(self) -> tuple[int, ...]:
        """Indices of the cells that halve height and width."""
        cells = self.skeleton.cells
        return tuple(index for index, cell in enumerate(cells) if cell.stride == 2)

    @property
    def alphas(self) -> list[keras.Variable]:
        """Architecture parameters: alpha of each kind of cell, and others beside it."""
        return self.architecture.variables

    @property
    def weights_w(self) -> list[keras.Variable]:
        """All trainable variables but the architecture parameters."""
        alphas = {id(alpha) for alpha in self.alphas}
        return [v for v in self.trainable_variables if id(v) not in alphas]

    def genotype(self) -> SavedGenotype:
        """Derives the discrete architecture (paper, section 2.4)."""
        return self.architecture.genotype()

    def get_config(self):
        others = {"form": self.form} if self.form != EDGES else {}
        if self._has_own_space:
            others["space"] = self.space.to_dict()
        if self.method != DARTS:
            others["method"] = keras.saving.serialize_keras_object(self.method)
        if self._has_own_skeleton:
            others["skeleton"] = self.skeleton.to_dict()
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "init_channels": self.init_channels,
            "num_cells": self.num_cells,
            "num_nodes": self.num_nodes,
            "primitives": list(self.primitives),
            "reductions": list(self.reductions),
            "recompute": self.recompute,
            **others,
        }

    @classmethod
    def from_config(cls, config):
        if "space" in config:
            config["space"] = SearchSpace.from_dict(config["space"])
        if "skeleton" in config:
            config["skeleton"] = Skeleton.from_dict(config["skeleton"])
        if "method" in config:
            method = keras.saving.deserialize_keras_object(config["method"])
            config["method"] = method
        return cls(**config)
