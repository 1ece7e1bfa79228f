"""All edges from one state at once, with the statistics of the global batch.

As in `synchronized_edges` the work is cut at the normalizations: a state of DARTS' cell
is three functions with two collectives between them.
"""

import functools
from collections.abc import Callable

import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.convolutional.forms import lockstep
from darts_tf.convolutional.forms.edge_functions import Constant, made_once
from darts_tf.convolutional.forms.edge_operations import EdgeOperations
from darts_tf.convolutional.forms.grouped_edges import GroupedEdges, in_order, tracing
from darts_tf.convolutional.forms.synchronized_edges import run_segments
from darts_tf.convolutional.operations import global_normalization
from darts_tf.convolutional.operations.grouped import normalization
from darts_tf.convolutional.operations.grouped.kept import Kept
from darts_tf.convolutional.operations.grouped.remembering import remembering


class SynchronizedGroup:
    """Runs the primitives of all edges from one state.

    Args:
        edge_type, constant, recompute, jit_compile: See `grouped_edges.state_function`.
        state, kernels, coefficients: See `GroupedEdges`.

    Attributes:
        pending: List of what waits for normalizations.
        own_sums: By column, the `channel_sums` of that, of shape `(3, edges *
            channels)`.
    """

    def __init__(
        self,
        edge_type: EdgeOperations,
        state: tf.Tensor | Dual,
        kernels: tf.Tensor | Dual,
        coefficients: tf.Tensor | Dual,
        constant: Constant,
        recompute: bool,
        jit_compile: bool,
    ):
        self.pending, self.own_sums = [], {}
        self._edge_type = edge_type
        how = (constant, recompute, jit_compile)
        self._function = functools.partial(_segment_function, edge_type, *how)
        self._arguments = (state, kernels, coefficients)
        self._outputs, self._sums = [], []
        run_segments([self])

    def run_segment(self, index: int) -> None:
        """Runs all up to their next normalization, given the totals of those before."""
        (outputs, self.pending, self.own_sums), *_ = self._function(index)(
            *self._arguments, self.pending, self._sums
        )
        self._outputs += outputs

    def add_totals(self, sums: dict) -> None:
        """Takes what `own_sums` are over all replicas."""
        self._sums.append(sums)

    def outputs(self) -> tf.Tensor | Dual:
        """Images of the sum of the primitives of each edge."""
        return dual_operations.add_n(self._outputs)

    def moments(self) -> list[tf.Tensor]:
        """As `in_order`, of the statistics used."""
        by_column = {}
        for sums in self._sums:
            for column, of_column in sums.items():
                moments = global_normalization.moments(of_column)
                calls = by_column.setdefault(column, [])
                calls.append(self._by_edge(column, len(calls), moments))
        return in_order(self._edge_type, by_column)

    def _by_edge(self, column, call, moments):
        _, primitive = self._edge_type.all[column]
        channels = self._edge_type.normalized_channels(primitive)[call]
        return tf.reshape(moments, [2, -1, channels])


@made_once
def _segment_function(
    edge_type: EdgeOperations,
    constant: Constant,
    recompute: bool,
    jit_compile: bool,
    index: int,
) -> Callable:
    """The traced function of what stands between two normalizations.

    Args:
        edge_type, constant, recompute, jit_compile: See `grouped_edges.state_function`.
        index: Number of normalizations that stand before.

    Returns:
        Function of the state as images, packed kernels and coefficients, of what is
        pending, and of the list of the sums of all normalizations before. It returns a
        tuple of a list of what the primitives that end here add to all edges, if any
        do, what is pending then and its sums, and nothing else. All may be `Dual`.
    """

    def segment(state, kernels, coefficients, pending, sums, kept=None):
        edges = GroupedEdges(edge_type, state, kernels, coefficients, constant)
        kept = Kept(kept, images=not recompute)
        with remembering():
            results, batches = _run_segment(
                edges.primitives, pending, sums, constant.kernels, kept
            )
        outputs = [edges.mixed(results)] if results else []
        own_sums = {}
        for batch in batches:
            own_sums |= _sums_by_column(batch)
        return (outputs, [batch.x for batch in batches], own_sums), [], kept.values

    return recomputed(segment, tracing(jit_compile), trace_call=False)


def _run_segment(primitives, pending, sums, constant_kernels, kept):
    """The results of the primitives that end here, and what others wait for."""
    given, results = {column: [] for column in primitives}, {}
    ended = set()
    for number, of_all in enumerate(sums, start=1):
        requests = lockstep.advance(primitives, given, results)
        # These are results of an earlier segment.
        ended = {*results}
        # Of these batches nothing is computed but what they consist of.
        batches = lockstep.batches(requests, constant_kernels, Kept(images=False))
        known = pending if number == len(sums) else [batch.x for batch in batches]
        for batch, x in zip(batches, known):
            for column, y in _normalized(batch, x, of_all).items():
                given[column].append(y)
    requests = lockstep.advance(primitives, given, results)
    new = {column: y for column, y in results.items() if column not in ended}
    return new, lockstep.batches(requests, constant_kernels, kept)


def _normalized(batch, x, sums):
    channels = x.shape[1]
    by_edge = [
        dual_operations.reshape(sums[column], [3, -1, channels])
        for column in batch.sizes
    ]
    y = normalization.global_batch_normalization(
        x, dual_operations.concat(by_edge, axis=1), batch.scale, batch.relu
    )
    return batch.parted(y)


def _sums_by_column(batch):
    sums = normalization.channel_sums(batch.x)
    parts = dual_operations.split(sums, [*batch.sizes.values()], axis=1)
    return {
        column: dual_operations.reshape(part, [3, -1])
        for column, part in zip(batch.sizes, parts)
    }
