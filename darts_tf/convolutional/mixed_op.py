"""Mixed operations (paper, equation 2), for all edges that leave one state."""

import functools

import keras
import numpy as np
import tensorflow as tf

from darts_tf import dual
from darts_tf.convolutional import normalization, operations
from darts_tf.convolutional.packing import BoundedUniform, Packing
from darts_tf.convolutional.primitives import get_primitive, source_views


class EdgeOperations:
    """The primitives on an edge, by what can be shared.

    `shared` have no kernels: every edge from the same state gets the same tensor,
    so that one matrix product with the coefficients serves all edges. `own` have
    kernels of their own on every edge. Zeros are in neither.

    Args:
        primitives: Tuple of registered names.
        channels: Integer.
        stride: Integer, 1 or 2.
    """

    def __init__(self, primitives, channels, stride):
        self.channels, self.stride = channels, stride
        self.shared, self.own = {}, {}
        kernels = {}
        for column, name in enumerate(primitives):
            primitive = get_primitive(name)
            if primitive.is_zero:
                continue
            own = primitive.kernels(channels, stride)
            group = self.own if own else self.shared
            group[column] = (name, primitive)
            kernels |= {(name, kernel.name): kernel for kernel in own}
        self.packing = Packing(kernels)

    def views(self, x):
        """Computes what the primitives read from state `x`, see `source_views`."""
        groups = (*self.shared.values(), *self.own.values())
        return source_views(x, [v for _, p in groups for v in p.views(self.stride)])

    def own_views(self, views):
        """Those of the views that primitives with kernels read."""
        own = [primitive for _, primitive in self.own.values()]
        names = {view for primitive in own for view in primitive.views(self.stride)}
        return {name: views[name] for name in sorted(names)}

    def num_moments(self, group):
        """Number of channels that a group normalizes."""
        return sum(
            sum(primitive.normalized_channels(self.channels, self.stride))
            for _, primitive in group.values()
        )

    def mix_shared(self, views, coefficients, normalize):
        """Weighs the primitives without kernels, for all edges at once.

        Args:
            views: Dictionary of tensors.
            coefficients: Tensor of shape `(targets, primitives)`.
            normalize: Batch normalization.

        Returns:
            List with one tensor for each target, or with nothing if there are no
            such primitives.
        """
        if not self.shared:
            return []
        results = [
            self._apply(primitive, views, {}, normalize, None)
            for _, primitive in self.shared.values()
        ]
        columns = coefficients.shape[-1]
        # A product, since the gradient of a gather is slow.
        selection = np.eye(columns)[:, list(self.shared)]
        chosen = tf.matmul(coefficients, tf.constant(selection, coefficients.dtype))
        return _weighted_sums(chosen, results)

    def mix_own(self, views, kernels, coefficients, normalize):
        """Weighs the primitives with kernels, on one edge.

        Args:
            views: Dictionary of tensors.
            kernels: Dictionary of tensors by (primitive, name).
            coefficients: Tensor of shape `(primitives,)`.
            normalize: Batch normalization.
        """
        coefficients = tf.unstack(coefficients)
        return operations.add_n(
            [
                self._apply(
                    primitive,
                    views,
                    {key: k for (owner, key), k in kernels.items() if owner == name},
                    normalize,
                    coefficients[column],
                )
                for column, (name, primitive) in self.own.items()
            ]
        )

    def _apply(self, primitive, views, kernels, normalize, scale):
        views = {name: views[name] for name in primitive.views(self.stride)}

        def call(views, kernels):
            return primitive(views, kernels, normalize, self.stride, scale)

        if primitive.takes_duals:
            return call(views, kernels)
        return dual.forward(call, views, kernels)


@dual.linear
def _weighted_sums(coefficients, results):
    """Sums over `results` with the coefficients of each target."""
    flat = tf.stack([tf.reshape(x, [-1]) for x in results])
    sums = tf.unstack(tf.matmul(coefficients, flat), coefficients.shape[0])
    return [tf.reshape(x, tf.shape(results[0])) for x in sums]


@functools.cache
def edge_operations(primitives, channels, stride):
    """The one `EdgeOperations` of this type of edge."""
    return EdgeOperations(primitives, channels, stride)


@functools.cache
def edge_function(edge_type, training, constant_kernels):
    """The traced function that all edges of one type share.

    A search network calls it once an edge, 112 times with the paper's sizes, but
    its graph holds it once. It is not inlined, so that TensorFlow optimizes it once
    as well.

    Args:
        edge_type: `EdgeOperations`.
        training: Whether to normalize with the batch's statistics.
        constant_kernels: Whether no gradient for the kernels will be asked for;
            only inside the function can TensorFlow be spared to compute it. The
            statistics are then not returned either.

    Returns:
        Function of views, packed kernels, coefficients and moving moments that
        returns the weighted sum and the moments it used, or `None`. Views and
        kernels may be `Dual`, and then the sum is.
    """

    def edge(views, kernels, coefficients, moments):
        if training:
            normalize = normalization.BatchStatistics()
        else:
            normalize = normalization.MovingStatistics(moments)
        kernels = edge_type.packing.unpack(kernels)
        if constant_kernels:
            kernels = operations.stop_gradient(kernels)
        y = edge_type.mix_own(views, kernels, coefficients, normalize)
        if constant_kernels:
            return y, None
        return y, _without_gradient(normalize.moments(moments.dtype))

    return tf.function(
        edge, autograph=False, experimental_attributes={"_noinline": True}
    )


def _without_gradient(x):
    """The same bits as integers.

    For a real-valued output TensorFlow would make a zero gradient at each call of
    the function, and Grappler then a copy of its backward function for each call.
    """
    return tf.bitcast(x, {tf.float32: tf.int32, tf.float64: tf.int64}[x.dtype])


@keras.saving.register_keras_serializable("darts_tf")
class MixedOp(keras.layers.Layer):
    """All edges from one state of a cell, each the paper's mixed operation.

    An edge is the sum of all primitives, weighted by coefficients that it receives:
    the softmax of its row of alpha. What does not depend on the edge is computed
    once.

    Args:
        primitives: Names of registered primitives, in the order of the
            coefficients.
        num_targets: Number of edges.
        stride: 1, or 2 to halve height and width.

    Call arguments:
        inputs: The state, shape `(batch, height, width, channels)`.
        coefficients: Shape `(num_targets, primitives)`.
        training: Whether to normalize with the statistics of the batch and to move
            the stored ones towards them.
        constant_weights: Whether no gradient for the kernels will be asked for, and
            the stored statistics are left alone, as in passes for alpha.

    Returns:
        List of `num_targets` tensors of shape `(batch, ceil(height / stride),
        ceil(width / stride), channels)`.
    """

    def __init__(self, primitives, num_targets=1, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.primitives = tuple(primitives)
        self.num_targets = num_targets
        self.stride = stride

    def build(self, inputs_shape, coefficients_shape=None):
        self.edge_type = edge_operations(self.primitives, inputs_shape[-1], self.stride)
        packing = self.edge_type.packing
        self.kernels = self.add_weight(
            shape=(self.num_targets, packing.size),
            initializer=BoundedUniform(packing.initial_bounds()),
            name="kernels",
        )
        self._shared_moments = self.edge_type.num_moments(self.edge_type.shared)
        self._own_moments = self.edge_type.num_moments(self.edge_type.own)
        self.moving_moments = normalization.add_moving_moments(
            self, self._shared_moments + self.num_targets * self._own_moments
        )
        self.built = True

    def call(self, inputs, coefficients, training=False, constant_weights=False):
        views = self.edge_type.views(inputs)
        moving = self._split_moments(tf.convert_to_tensor(self.moving_moments))
        if training:
            normalize = normalization.BatchStatistics()
        else:
            normalize = normalization.MovingStatistics(moving[0])
        shared = self.edge_type.mix_shared(views, coefficients, normalize)
        outputs = [[y] for y in shared] or [[] for _ in range(self.num_targets)]
        dtype = self.moving_moments.dtype
        moments = [normalize.moments(dtype)]
        if self.edge_type.own:
            edge = edge_function(self.edge_type, training, constant_weights)
            views = self.edge_type.own_views(views)
            kernels = operations.unstack(dual.read(self.kernels), self.num_targets)
            rows = tf.unstack(coefficients, self.num_targets)
            for output, *arguments in zip(outputs, kernels, rows, moving[1:]):
                y, edge_moments = edge(views, *arguments)
                output.append(y)
                if edge_moments is not None:
                    moments.append(tf.bitcast(edge_moments, dtype))
        if training and not constant_weights:
            normalization.update_moving(self.moving_moments, tf.concat(moments, 1))
        return [self._sum(output, inputs) for output in outputs]

    def _sum(self, terms, inputs):
        if not terms:
            return operations.zeros(inputs, self.stride)
        return terms[0] if len(terms) == 1 else operations.add_n(terms)

    def _split_moments(self, moments):
        """The statistics of what is shared, then those of each edge."""
        sizes = [self._shared_moments] + [self._own_moments] * self.num_targets
        return tf.split(moments, sizes, axis=1)

    def compute_output_shape(self, inputs_shape, coefficients_shape=None):
        batch, height, width, channels = inputs_shape
        shape = (batch, -(-height // self.stride), -(-width // self.stride), channels)
        return [shape] * self.num_targets

    def named_kernels(self, packed=None):
        """Reads kernels, or their gradient, by edge, primitive and name.

        Args:
            packed: Array of the shape of `self.kernels`; default is their values.

        Returns:
            List with a dictionary for each edge: `(primitive, name)` to array.
        """
        packed = self.kernels.numpy() if packed is None else packed
        return [self.edge_type.packing.unpack(row) for row in packed]

    def assign_kernels(self, named):
        """Sets the kernels; the inverse of `named_kernels`."""
        self.kernels.assign(
            np.stack([self.edge_type.packing.pack(edge) for edge in named])
        )

    def get_config(self):
        return {
            **super().get_config(),
            "primitives": list(self.primitives),
            "num_targets": self.num_targets,
            "stride": self.stride,
        }
