"""Mixed operations (paper, equation 2), for all edges that leave one state."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations, nested_tapes
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import inlined
from darts_tf.convolutional.forms import stored_moments
from darts_tf.convolutional.forms.edge_functions import (
    Constant,
    edge_function,
    shared_function,
)
from darts_tf.convolutional.forms.edge_operations import make_edge_types
from darts_tf.convolutional.forms.form import EDGES, GROUPED, checked_form
from darts_tf.convolutional.forms.grouped_edges import state_function
from darts_tf.convolutional.forms.synchronized_edges import SynchronizedEdges
from darts_tf.convolutional.forms.synchronized_groups import SynchronizedGroup
from darts_tf.convolutional.operations import batch_normalization, elementwise
from darts_tf.convolutional.operations.grouped import images
from darts_tf.convolutional.packing import BoundedUniform
from darts_tf.distribution import global_batch
from darts_tf.traced_device import traces_for_gpu


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
        recompute: Whether the gradient computes the edges again instead of keeping
            what they computed: less memory for more time.
        edge_types: What `make_edge_types` returned for all edges of the network; by
            default one of its own. It is no part of the configuration.
        form: "edges" computes each edge by itself, "grouped" all at once, as a GPU
            wants it; see `grouped_edges`.

    Call arguments:
        inputs: The state, shape `(batch, height, width, channels)`.
        coefficients: Shape `(num_targets, primitives)`.
        training: Whether to normalize with the statistics of the batch and to move
            the stored ones towards them.
        constant_weights: Whether no gradient for the kernels will be asked for, and
            the stored statistics are left alone, as in passes for alpha.
        constant_inputs: Whether no gradient for the state will be asked for either.
        noise: List of the noise of each edge, see `step_noise`; needed if a primitive
            draws.

    Returns:
        List of `num_targets` tensors of shape `(batch, ceil(height / stride),
        ceil(width / stride), channels)`.
    """

    def __init__(
        self,
        primitives: Sequence[str],
        num_targets: int = 1,
        stride: int = 1,
        recompute: bool = False,
        edge_types: Callable | None = None,
        form: str = EDGES,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.primitives = tuple(primitives)
        self.num_targets = num_targets
        self.stride = stride
        self.recompute = recompute
        self.edge_types = edge_types or make_edge_types()
        self.form = checked_form(form)

    def build(self, inputs_shape, coefficients_shape=None):
        self.edge_type = self.edge_types(self.primitives, inputs_shape[-1], self.stride)
        packing = self.edge_type.packing
        self.kernels = self.add_weight(
            shape=(self.num_targets, packing.size),
            initializer=BoundedUniform(packing.initial_bounds()),
            name="kernels",
        )
        self.moving_moments = batch_normalization.add_moving_moments(
            self, self.edge_type.num_moments(self.num_targets)
        )
        self.built = True

    def call(
        self,
        inputs,
        coefficients,
        training=False,
        constant_weights=False,
        constant_inputs=False,
        noise=None,
    ):
        call = _Call(
            inputs,
            coefficients,
            training,
            Constant(constant_weights, constant_inputs),
            noise or [()] * self.num_targets,
        )
        if self.form == GROUPED and not nested_tapes.are_open():
            outputs, used = self._in_parts(call)
        else:
            moments = () if training else tf.convert_to_tensor(self.moving_moments)
            outputs, used = self._edge_by_edge(self.edge_type, call, moments)
        if used:
            batch_normalization.update_moving(self.moving_moments, tf.concat(used, 1))
        if not outputs:
            return [elementwise.zeros(inputs, self.stride)] * self.num_targets
        return [dual_operations.add_n(terms) for terms in zip(*outputs)]

    def _in_parts(self, call):
        """Computes all edges at once, but for primitives that do not take groups.

        Arguments and results as those of `_edge_by_edge`.
        """
        parts, order = self.edge_type.by_form, (self.edge_type, self.num_targets)
        moments = [(), ()]
        if not call.training:
            stored = tf.convert_to_tensor(self.moving_moments)
            moments = stored_moments.parted(*order, parts, stored)
        grouped, of_grouped = self._grouped(parts[0], call, moments[0])
        others, of_others = self._edge_by_edge(parts[1], call, moments[1])
        used = [*of_grouped, *of_others]
        if of_others:
            nothing = tf.zeros([2, 0], self.moving_moments.dtype)
            of_parts = [tf.concat([nothing, *x], 1) for x in (of_grouped, of_others)]
            used = [stored_moments.joined(*order, parts, of_parts)]
        return [*grouped, *others], used

    def _grouped(self, edge_type, call, moments):
        """As `_edge_by_edge`, by one function for all edges."""
        if edge_type.is_empty:
            return [], []
        state = images.of_state(call.inputs)
        tensors = (state, dual.read(self.kernels), call.coefficients)
        # XLA compiles what is to run on a GPU.
        how = (call.constant, self.recompute, traces_for_gpu())
        if call.training and global_batch.is_on():
            group = SynchronizedGroup(edge_type, *tensors, *how)
            outputs = group.outputs()
            used = [] if call.constant.kernels else group.moments()
        else:
            function = state_function(edge_type, call.training, *how)
            outputs, bits = function(*tensors, moments)
            used = [tf.bitcast(x, self.moving_moments.dtype) for x in bits]
        return [images.to_outputs(outputs)], used

    def _edge_by_edge(self, edge_type, call, moments):
        """Computes each edge by itself.

        Args:
            edge_type: `EdgeOperations` of all or some of the primitives.
            call: `_Call`.
            moments: The stored statistics, or `()` in training.

        Returns:
            Tuple of a list of what the edges are the sums of, each a list with a tensor
            for each edge; and of the list of the statistics by which the moving ones
            are to be moved.
        """
        if edge_type.is_empty:
            return [], []
        if call.training and global_batch.is_on():
            return self._synchronized_edges(edge_type, call)
        return self._traced_edges(edge_type, call, moments)

    def _traced_edges(self, edge_type, call, moments):
        """As `_edge_by_edge`, each edge in one function."""
        if call.training:
            moments = [()] * (1 + self.num_targets)
        else:
            moments = edge_type.split_moments(moments, self.num_targets)
        outputs, used = [], []
        if edge_type.shared:
            mixed, bits = self._traced_shared(edge_type, call, moments[0])
            outputs.append(mixed)
            used += bits
        if edge_type.own:
            sums, bits = self._traced_own(edge_type, call, moments[1:])
            outputs.append(sums)
            used += itertools.chain(*bits)
        if used:
            used = [tf.bitcast(tf.concat(used, 1), self.moving_moments.dtype)]
        return outputs, used

    def _traced_shared(self, edge_type, call, moments):
        """What is shared, weighed for each edge, and the bits of its statistics."""
        shared = shared_function(edge_type, call.training, call.constant)

        def mix(inputs, coefficients, kept=None):
            stacked, bits = shared(edge_type.shared_views(inputs), moments)
            mixed = self._mix_shared(edge_type, stacked, coefficients, inputs.shape)
            return mixed, bits, []

        if self.recompute or isinstance(call.inputs, Dual):
            # Of Duals it is always computed again, because keeping it would be a sixth
            # of all that is kept.
            mix = recomputed(mix, inlined)
        mixed, bits, *_ = mix(call.inputs, call.coefficients)
        return mixed, bits

    def _traced_own(self, edge_type, call, moments):
        """The sum of the own primitives of each edge, and the bits of each."""
        how = (call.training, call.constant, self.recompute)
        edge = edge_function(edge_type, *how)
        # Where the edges are computed again, they get the state itself, and compute
        # again what they read of it.
        source = call.inputs if self.recompute else edge_type.own_views(call.inputs)
        arguments = zip(
            dual_operations.unstack(dual.read(self.kernels), self.num_targets),
            edge_type.own_scales(call.coefficients),
            moments,
            call.noise,
        )
        return zip(*(edge(source, *each) for each in arguments))

    def _synchronized_edges(self, edge_type, call):
        """As `_edge_by_edge`, with the statistics of all replicas."""
        edges = SynchronizedEdges(
            edge_type,
            call.inputs,
            dual_operations.unstack(dual.read(self.kernels), self.num_targets),
            call.coefficients,
            call.constant,
            self.recompute,
            call.noise,
        )
        outputs = []
        if edge_type.shared:
            mixed = self._mix_shared(
                edge_type, edges.stacked(), call.coefficients, call.inputs.shape
            )
            outputs.append(mixed)
        if edge_type.own:
            outputs.append(edges.sums())
        return outputs, [] if call.constant.kernels else edges.moments()

    def _mix_shared(self, edge_type, stacked, coefficients, inputs_shape):
        shape = self.compute_output_shape(inputs_shape)[0]
        return edge_type.mix_shared(stacked, coefficients, [-1, *shape[1:]])

    def compute_output_shape(self, inputs_shape, coefficients_shape=None):
        batch, height, width, channels = inputs_shape
        shape = (batch, -(-height // self.stride), -(-width // self.stride), channels)
        return [shape] * self.num_targets

    def named_kernels(self, packed: np.ndarray | None = None) -> list[dict]:
        """Reads kernels, or their gradient, by edge, primitive and name.

        Args:
            packed: Array of the shape of `self.kernels`; default is their values.

        Returns:
            List with a dictionary for each edge: `(primitive, name)` to array.
        """
        packed = self.kernels.numpy() if packed is None else packed
        return [self.edge_type.packing.unpack(row) for row in packed]

    def assign_kernels(self, named: Sequence[Mapping]) -> None:
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
            "recompute": self.recompute,
            **({"form": self.form} if self.form != EDGES else {}),
        }


class _Call(NamedTuple):
    """The arguments of a call."""

    inputs: tf.Tensor | Dual
    coefficients: tf.Tensor | Dual
    training: bool
    constant: Constant
    noise: list
