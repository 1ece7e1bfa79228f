"""The traced functions of a search network's edges, each made once for a type of edge.

A search network calls that of an edge 112 times with the paper's sizes, but its graph
holds it once.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import traced
from darts_tf.convolutional.edge_operations import EdgeOperations
from darts_tf.convolutional.operations import batch_normalization


def made_once(make: Callable) -> Callable:
    """Decorates a function that makes a traced one of a type of edge.

    It is kept with the type of edge, for each of the arguments that say how, and so as
    long as the network is.
    """

    @functools.wraps(make)
    def made(edge_type, *how):
        key = (made, *how)
        if key not in edge_type.functions:
            edge_type.functions[key] = make(edge_type, *how)
        return edge_type.functions[key]

    return made


class Constant(NamedTuple):
    """What stays as it is where gradients are asked for.

    Only inside a traced function can TensorFlow be spared to compute a gradient, and
    to keep what that would need.

    Attributes:
        kernels: Whether the kernels do, as in passes for alpha. Statistics are then
            not moved either.
        views: Whether the state does: alpha has not acted on it yet.
    """

    kernels: bool = False
    views: bool = False


@made_once
def shared_function(
    edge_type: EdgeOperations, training: bool, constant: Constant
) -> Callable:
    """The traced function of `EdgeOperations.stack_shared`.

    Args:
        edge_type: `EdgeOperations`.
        training: Whether to normalize with the batch's statistics.
        constant: `Constant`.

    Returns:
        Function of views and moments that returns the tensor, and a list with the
        bits of the batch's moments, if there are any to move the stored ones by. The
        moments it takes are the stored ones, or `()` in training. Views may be `Dual`,
        and then the tensor is.
    """

    def shared(views, moments):
        if constant.views:
            views = dual_operations.stop_gradient(views)
        normalize = _normalizer(training, moments)
        stacked = edge_type.stack_shared(views, normalize)
        return stacked, _bits_to_move(normalize, constant)

    return traced(shared)


@made_once
def edge_function(
    edge_type: EdgeOperations, training: bool, constant: Constant, recompute: bool
) -> Callable:
    """The traced function of `EdgeOperations.mix_own`, for all edges of one type.

    Args:
        edge_type, training, constant: As of `shared_function`.
        recompute: Whether the gradient computes all again instead of keeping it.

    Returns:
        Function of views, or with `recompute` of the state itself, of packed kernels,
        scales, moments and the noise that returns the weighted sum, and a list; moments
        and list as those of `shared_function`. Views, kernels and scales may be `Dual`,
        and then the sum is.
    """

    def with_statistics(source, kernels, scales, moments, noise, kept=None):
        views = edge_type.own_views(source) if recompute else source
        if constant.views:
            views = dual_operations.stop_gradient(views)
        if constant.kernels:
            kernels = dual_operations.stop_gradient(kernels)
        kernels = edge_type.packing.unpack(kernels)
        normalize = _normalizer(training, moments, kept)
        y = edge_type.mix_own(views, kernels, scales, normalize, noise)
        return y, _bits_to_move(normalize, constant), normalize.kept()

    def edge(*arguments):
        y, bits, _ = with_statistics(*arguments)
        return y, bits

    return recomputed(with_statistics) if recompute else traced(edge)


def _normalizer(training, moments, kept=None):
    if training:
        return batch_normalization.BatchStatistics(kept)
    return batch_normalization.MovingStatistics(moments)


def _bits_to_move(normalize, constant):
    """The batch's statistics as integers of the same bits, which have no gradient.

    For a real-valued output TensorFlow would make a zero gradient at each call of
    the function, and Grappler then a copy of its backward function for each call.
    Unsigned, since a GPU hands signed integers of 32 bits back through the host.
    """
    return [] if constant.kernels else [as_bits(x) for x in normalize.moments()]


def as_bits(x: tf.Tensor) -> tf.Tensor:
    """Turns statistics to integers of the same bits, see `_bits_to_move`."""
    return tf.bitcast(x, {tf.float32: tf.uint32, tf.float64: tf.uint64}[x.dtype])
