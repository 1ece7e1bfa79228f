"""All edges from one state at once, the form of the search network for GPUs.

Where each edge is a function of its own, a GPU waits for some 150 small operations an
edge and pass to be started. Here the edges are images side by side, see
`operations.grouped`, and the primitives run in `lockstep`: a state is one function with
few, large operations, which XLA compiles where there is a GPU.
"""

import functools
from collections.abc import Callable

import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual, linear
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import traced
from darts_tf.convolutional.forms import lockstep
from darts_tf.convolutional.forms.edge_functions import Constant, as_bits, made_once
from darts_tf.convolutional.forms.edge_operations import EdgeOperations
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.operations.grouped import images
from darts_tf.convolutional.operations.grouped.kept import Kept
from darts_tf.convolutional.operations.grouped.mixing import weighed
from darts_tf.convolutional.operations.grouped.remembering import remembering
from darts_tf.convolutional.primitives.base import source_views


@made_once
def state_function(
    edge_type: EdgeOperations,
    training: bool,
    constant: Constant,
    recompute: bool,
    jit_compile: bool,
) -> Callable:
    """The traced function of all edges from one state.

    Args:
        edge_type: `EdgeOperations` whose primitives all take groups.
        training: Whether to normalize with the batch's statistics.
        constant: `Constant`.
        recompute: Whether the gradient computes all again but statistics, instead of
            keeping what products read and give.
        jit_compile: Whether XLA compiles it.

    Returns:
        Function of the state as images, of the packed kernels and the coefficients of
        all edges, and of the stored moments, or `()` in training. It returns images of
        what the edges give, and a list with the bits of the batch's moments, if there
        are any to move the stored ones by. State, kernels and coefficients may be
        `Dual`, and then the images are.
    """

    def with_statistics(state, kernels, coefficients, moments, kept=None):
        edges = GroupedEdges(edge_type, state, kernels, coefficients, constant)
        kept = Kept(kept, images=not recompute)
        if training:
            normalize = lockstep.BatchStatistics(constant.kernels, kept)
        else:
            moments = tf.stop_gradient(moments)
            by_column = _by_column(edge_type, moments, coefficients.shape[0])
            normalize = lockstep.MovingStatistics(by_column, constant.kernels, kept)
        with remembering():
            results = lockstep.in_lockstep(edges.primitives, normalize)
        bits = []
        if training and not constant.kernels:
            bits = [as_bits(x) for x in in_order(edge_type, normalize.moments)]
        return edges.mixed(results), bits, kept.values

    return recomputed(with_statistics, tracing(jit_compile), trace_call=False)


def tracing(jit_compile: bool) -> Callable:
    """Returns `traced`, for functions that XLA compiles or not."""
    return functools.partial(traced, jit_compile=True) if jit_compile else traced


class GroupedEdges:
    """The primitives of all edges from one state, as functions of a normalizer.

    Args:
        edge_type, constant: See `state_function`.
        state: Images of one edge, see `images.of_state`.
        kernels: The packed kernels, shape `(edges, size)`.
        coefficients: Shape `(edges, primitives)`.

    Attributes:
        primitives: The functions by column.
    """

    def __init__(
        self,
        edge_type: EdgeOperations,
        state: tf.Tensor | Dual,
        kernels: tf.Tensor | Dual,
        coefficients: tf.Tensor | Dual,
        constant: Constant,
    ):
        if constant.views:
            state = dual_operations.stop_gradient(state)
        self._edge_type = edge_type
        names = {
            view for _, p in edge_type.all.values() for view in p.views(self._stride)
        }
        self._views = source_views(state, names, self._stride)
        self._kernels = _unpacked(edge_type.packing, kernels)
        if constant.kernels:
            self._kernels = dual_operations.stop_gradient(self._kernels)
        self._coefficients = _chosen(coefficients, edge_type.shared)
        scales = _chosen(coefficients, edge_type.own)
        self.primitives = {
            column: self._function(name, primitive, scales.get(column))
            for column, (name, primitive) in edge_type.all.items()
        }

    @property
    def _stride(self):
        return self._edge_type.stride

    def _function(self, name, primitive, coefficients):
        views = self._edge_type.views_of(primitive, self._views)
        kernels = self._edge_type.kernels_of(name, self._kernels)
        scale = coefficients
        if scale is not None:
            scale = _over_channels(scale, self._edge_type.channels)

        def call(normalize):
            return primitive(views, kernels, normalize, self._stride, scale)

        return call

    def mixed(self, results: dict) -> tf.Tensor | Dual:
        """Adds the results of the primitives, or of some, by column."""
        terms = [
            weighed(results[column], of_edges)
            for column, of_edges in self._coefficients.items()
            if column in results
        ]
        own = self._edge_type.own
        terms += [results[column] for column in own if column in results]
        return dual_operations.add_n(terms)


def in_order(edge_type: EdgeOperations, moments: dict) -> list[tf.Tensor]:
    """Joins moments by column in the order of the stored ones.

    Args:
        edge_type: `EdgeOperations`.
        moments: See `lockstep.BatchStatistics`.

    Returns:
        List of a tensor of shape `(2, channels of all normalizations)`, empty if there
        are none.
    """
    joined = []
    for group in (edge_type.shared, edge_type.own):
        of_group = [x for column in group for x in moments.get(column, [])]
        if of_group:
            joined.append(tf.reshape(tf.concat(of_group, 2), [2, -1]))
    return [tf.concat(joined, 1)] if joined else []


def _by_column(edge_type, moments, num_edges):
    """The inverse of `in_order`."""
    shared, *own = edge_type.split_moments(moments, num_edges)
    groups = (
        (edge_type.shared, shared[:, None]),
        (edge_type.own, tf.stack(own, axis=1)),
    )
    columns = {}
    for group, of_group in groups:
        position = 0
        for column, (_, primitive) in group.items():
            for channels in edge_type.normalized_channels(primitive):
                part = of_group[:, :, position : position + channels]
                columns.setdefault(column, []).append(part)
                position += channels
    return columns


def _chosen(coefficients, group):
    """Those of the primitives of a group, each of shape `(edges,)`."""
    if not group:
        return {}
    chosen = elementwise.chosen(coefficients, list(group), axis=1)
    return dict(zip(group, dual_operations.unstack(chosen, axis=1)))


@linear
def _over_channels(coefficients, channels):
    by_edge = tf.reshape(coefficients, [-1, 1, 1, 1, 1])
    return tf.broadcast_to(by_edge, [*coefficients.shape, channels, 1, 1, 1])


@linear
def _unpacked(packing, kernels):
    """Splits packed kernels; the gradient joins them, and takes no axis from here."""
    if not packing.kernels:
        return {}
    edges = kernels.shape[0]
    by_key = images.with_transpose(
        lambda kernels: [*packing.unpack(kernels).values()],
        lambda *gradients: tf.concat(
            [tf.reshape(gradient, [edges, -1]) for gradient in gradients], 1
        ),
        kernels,
    )
    return dict(zip(packing.kernels, by_key))
