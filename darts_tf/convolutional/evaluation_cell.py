"""The cell of the evaluation network: one primitive on each edge of a genotype."""

import math
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.autodiff.named_gradients import is_for_inference
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.batch_normalization import BatchNormalization
from darts_tf.convolutional.packing import BoundedUniform, Packing
from darts_tf.convolutional.preprocess import Preprocess
from darts_tf.convolutional.primitives import get_primitive
from darts_tf.convolutional.primitives.base import NOISE, source_views
from darts_tf.convolutional.primitives.darts_primitives import SkipConnect
from darts_tf.convolutional.step_noise import noise_of, normal_like
from darts_tf.genotype.cell import Cell
from darts_tf.space.topology import SKIP


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationOperation(keras.layers.Layer):
    """One primitive with kernels and batch normalizations of its own.

    Unlike in the search network the normalizations learn a scale and an offset, and
    none follows a pool. What it draws is new at each call.

    Args:
        primitive: Name of a registered primitive.
        channels: Number of channels of the input and of the output.
        stride: 1, or 2 to halve height and width.

    Call arguments:
        views: What the primitive reads, see `source_views`.
        training: Whether to normalize with the statistics of the batch.

    Output shape: `(batch, ceil(height / stride), ceil(width / stride), channels)`.
    """

    def __init__(self, primitive: str, channels: int, stride: int = 1, **kwargs: Any):
        super().__init__(**kwargs)
        self.primitive, self.channels, self.stride = primitive, channels, stride
        self._operation = get_primitive(primitive)
        kernels = self._operation.kernels(channels, stride)
        self.packing = Packing({kernel.name: kernel for kernel in kernels})
        if self._operation.draws:
            self.seed_generator = keras.random.SeedGenerator()
        self.normalizations = []
        if self._operation.normalized_when_derived:
            numbers = self._operation.normalized_channels(channels, stride)
            self.normalizations = [
                BatchNormalization(
                    dtype=self.dtype_policy, name=f"normalization_{index}"
                )
                for index in range(len(numbers))
            ]

    @property
    def view_names(self) -> tuple[str, ...]:
        own = ["input"] if self._operation.draws else []
        return (*self._operation.views(self.stride), *own)

    @property
    def is_identity(self) -> bool:
        return isinstance(self._operation, SkipConnect) and self.stride == 1

    def build(self, views_shape=None):
        self.kernels = None
        if self.packing.kernels:
            self.kernels = self.add_weight(
                shape=(self.packing.size,),
                initializer=BoundedUniform(self.packing.initial_bounds()),
                name="kernels",
            )
        numbers = self._operation.normalized_channels(self.channels, self.stride)
        for normalization, number in zip(self.normalizations, numbers):
            normalization.build((None, None, None, number))
        self.built = True

    def call(self, views, training=False):
        normalizations = iter(self.normalizations)

        def normalize(x, scale=None, relu=False):
            if self.normalizations:
                x = next(normalizations)(x, training=training)
            return elementwise.relu(x) if relu else x

        kernels = {}
        if self.kernels is not None:
            kernels = self.packing.unpack(tf.convert_to_tensor(self.kernels))
        if self._operation.draws:
            views = {**views, NOISE: self._noise(views["input"])}
        return self._operation(views, kernels, normalize, self.stride, None)

    def _noise(self, x):
        if not is_for_inference():
            seed = self.seed_generator.next()
            return normal_like(noise_of(seed), x, self.stride)
        # Uniform values are what all programs can draw. Of two of them comes a normal
        # one by the transform of Box and Muller.
        every = x[:, :: self.stride, :: self.stride]
        u, v = (tf.random.uniform(tf.shape(every), dtype=x.dtype) for _ in range(2))
        values = tf.sqrt(-2 * tf.math.log(1 - u)) * tf.cos(2 * math.pi * v)
        return tf.ensure_shape(values, every.shape)

    def get_config(self):
        return {
            **super().get_config(),
            "primitive": self.primitive,
            "channels": self.channels,
            "stride": self.stride,
        }


@keras.saving.register_keras_serializable("darts_tf")
class EvaluationCell(keras.layers.Layer):
    """Cell of a genotype (paper, section 2.1 and figures 4 and 5).

    States 0 and 1 come from the outputs of the cell before the last and the last cell;
    a cell of one input reads the last one. A node is the sum of its edges, and a node
    without edges does not exist; some states are concatenated to the output, or their
    mean is. In a reduction cell an input among them is halved as by a skip connection,
    so that it is as large as the nodes.

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

    Call arguments:
        inputs: Tuple of the positive parts of the two outputs, see `Preprocess`; of the
            outputs themselves if they are not preprocessed.
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
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.cell = Cell.from_lists(nodes, concat, num_inputs, output_rule)
        self.channels = channels
        self.preprocessed = preprocessed
        self.reduction = reduction
        self.reduction_before = reduction_before
        dtype = self.dtype_policy
        self.preprocess = [
            Preprocess(
                channels,
                reduction_before and source == 0 and num_inputs == 2,
                affine=True,
                dtype=dtype,
                name=f"preprocess_{source}",
            )
            for source in range(num_inputs)
            if preprocessed
        ]
        self.operations = [
            EvaluationOperation(
                edge.primitive,
                channels,
                stride=2 if reduction and edge.source < num_inputs else 1,
                dtype=dtype,
                name=f"edge_{index}",
            )
            for index, edge in enumerate(self.cell.edges)
        ]
        self.output_reductions = [
            EvaluationOperation(
                SKIP, channels, stride=2, dtype=dtype, name=f"output_{state}"
            )
            for state in self._reduced_outputs
        ]

    @property
    def _reduced_outputs(self):
        inputs = range(self.cell.num_inputs if self.reduction else 0)
        return [state for state in self.cell.outputs if state in inputs]

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
        for preprocess, shape in zip(self.preprocess, of_inputs):
            preprocess.build(shape)
        for operation in (*self.operations, *self.output_reductions):
            operation.build()
        self.built = True

    def call(self, inputs, path_scales=None, training=False):
        states = [*inputs[-self.cell.num_inputs :]]
        for index, preprocess in enumerate(self.preprocess):
            states[index] = preprocess(states[index], training=training)
        views = [self._views(source, state) for source, state in enumerate(states)]
        scales = iter([] if path_scales is None else tf.unstack(path_scales))
        pooling = iter(self.operations)
        for node in self.cell.nodes:
            terms = []
            for edge, operation in zip(node, pooling):
                y = operation(views[edge.source], training=training)
                if path_scales is not None and not operation.is_identity:
                    y *= next(scales)
                terms.append(y)
            states.append(tf.add_n(terms) if terms else None)
            views.append(self._views(len(states) - 1, states[-1]))
        for source, operation in zip(self._reduced_outputs, self.output_reductions):
            states[source] = operation(views[source], training=training)
        outputs = [states[index] for index in self.cell.outputs]
        if self.cell.output_rule == "concat":
            return tf.concat(outputs, axis=-1)
        return tf.add_n(outputs) / len(outputs)

    def _views(self, source, state):
        """What the edges from a state read of it, each computed once."""
        sources = [edge.source for edge in self.cell.edges] + self._reduced_outputs
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
        }
