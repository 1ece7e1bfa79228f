"""All edges from one state, with the statistics of the global batch.

No collective operation may stand in a traced function, and one for each normalization
of each edge would be hundreds of small ones. The work of the edges is therefore cut at
their normalizations into segments, each a traced function: the first ends with what
the first normalizations get, then one collective adds the sums of all edges, the
second segment normalizes and goes on up to the second normalizations, and so forth.

A primitive is code that calls `normalize`, and knows nothing of segments. Segment k
runs it from its start, and gives it the result of call k in place of what it would
compute. What stands before that call then leads nowhere, and TensorFlow leaves it out.
"""

import functools
from collections.abc import Sequence

import tensorflow as tf

from darts_tf.autodiff import dual, dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.autodiff.recomputed import recomputed
from darts_tf.autodiff.traced import traced
from darts_tf.convolutional.forms.edge_functions import Constant, made_once
from darts_tf.convolutional.forms.edge_operations import EdgeOperations, stack_flat
from darts_tf.convolutional.operations import elementwise, global_normalization
from darts_tf.convolutional.operations.batch_normalization import EPSILON


class SynchronizedEdges:
    """Runs the primitives of all edges from one state, side by side.

    Args:
        edge_type: `EdgeOperations`.
        inputs: The state.
        kernels: List with the packed kernels of each edge.
        coefficients: Shape `(targets, primitives)`.
        constant, recompute: See `edge_functions.edge_function`.
        noise: List with the noise of each edge, see `edge_operations.with_noise`.
    """

    def __init__(
        self,
        edge_type: EdgeOperations,
        inputs: tf.Tensor | Dual,
        kernels: Sequence,
        coefficients: tf.Tensor | Dual,
        constant: Constant,
        recompute: bool,
        noise: Sequence,
    ):
        how = (constant, recompute)
        self._shared, self._edges = [], []
        if edge_type.shared:
            views = edge_type.shared_views(inputs)
            self._shared = [_Part(edge_type, "shared", how, (views, {}, [], ()))]
        if edge_type.own:
            views = edge_type.own_views(inputs)
            self._edges = [
                _Part(edge_type, "own", how, (views, *of_edge))
                for of_edge in zip(kernels, edge_type.own_scales(coefficients), noise)
            ]
        run_segments(self._shared + self._edges)

    def stacked(self) -> tf.Tensor | Dual | None:
        """What `EdgeOperations.stack_shared` returns, or `None`."""
        if not self._shared:
            return None
        return stack_flat([*self._shared[0].results().values()])

    def sums(self) -> list:
        """List with the weighted sum of the primitives with kernels of each edge."""
        return [
            dual_operations.add_n([*part.results().values()]) for part in self._edges
        ]

    def moments(self) -> list[tf.Tensor]:
        """List of the statistics used, in the order of the moving ones."""
        return [
            global_normalization.moments(sums)
            for part in self._shared + self._edges
            for sums in part.all_sums()
        ]


def run_segments(parts: Sequence) -> None:
    """Runs parts of the work side by side, with a collective after each segment.

    Args:
        parts: List of objects with methods `run_segment` and `add_totals`, and the
            attributes `pending` and `own_sums`; see `_Part`.
    """
    waiting, index = parts, 0
    while waiting:
        for part in waiting:
            part.run_segment(index)
        waiting = [part for part in waiting if part.pending]
        if waiting:
            own = [part.own_sums for part in waiting]
            totals = global_normalization.totals(tf.nest.flatten(own))
            totals = tf.nest.pack_sequence_as(own, totals)
            for part, sums in zip(waiting, totals):
                part.add_totals(sums)
        index += 1


class _Part:
    """The primitives that are shared, or those of one edge, between segments.

    Attributes:
        pending: By column, what waits for a normalization.
        own_sums: By column, the `channel_sums` of that.
    """

    def __init__(self, edge_type, group, how, arguments):
        self.pending, self.own_sums = {}, {}
        self._function = functools.partial(_segment_function, edge_type, group, *how)
        self._arguments = arguments
        self._columns = sorted(getattr(edge_type, group))
        self._results = {}
        self._sums = {column: [] for column in self._columns}

    def run_segment(self, index):
        sums = {column: self._sums[column] for column in self.pending}
        (results, self.pending, self.own_sums), *_ = self._function(index)(
            *self._arguments, self.pending, sums
        )
        self._results |= results

    def add_totals(self, sums):
        for column, total in sums.items():
            self._sums[column].append(total)

    def results(self):
        """By column, in order, what has been computed."""
        return {column: self._results[column] for column in self._columns}

    def all_sums(self):
        """List of the sums of each normalization, by column and then by call."""
        return [sums for column in self._columns for sums in self._sums[column]]


@made_once
def _segment_function(edge_type, group, constant, recompute, index):
    """The traced function of what stands between two normalizations.

    Args:
        edge_type: `EdgeOperations`.
        group: "shared" or "own".
        constant, recompute: See `edge_functions.edge_function`.
        index: Number of normalizations that stand before.

    Returns:
        Function of views, packed kernels, scales and noise, and, by column, of pending
        tensors and the sums of all normalizations before. It returns a tuple of
        results, new pending tensors and their sums, by column, and nothing else. All
        may be `Dual`.
    """
    primitives = getattr(edge_type, group)

    def segment(views, kernels, scales, noise, pending, sums, kept=None):
        if constant.views:
            views = dual_operations.stop_gradient(views)
        if group == "own":
            views = edge_type.with_noise(views, noise)
            kernels = edge_type.packing.unpack(kernels)
            scales = dict(zip(primitives, dual_operations.unstack(scales)))
            if constant.kernels:
                kernels = dual_operations.stop_gradient(kernels)
        results, reached = {}, {}
        for column in pending if index else primitives:
            name, primitive = primitives[column]
            own = [
                edge_type.views_of(primitive, views),
                edge_type.kernels_of(name, kernels),
                scales[column] if group == "own" else None,
                pending.get(column),
                sums.get(column),
            ]
            y = _up_to_normalization(primitive, edge_type.stride, own)
            last = len(edge_type.normalized_channels(primitive)) == index
            (results if last else reached)[column] = y
        own_sums = {c: global_normalization.channel_sums(x) for c, x in reached.items()}
        return (results, reached, own_sums), [], []

    return (recomputed if recompute else traced)(segment)


def _up_to_normalization(primitive, stride, arguments):
    """Runs a primitive up to the first unknown statistics, or to its end."""

    def call(views, kernels, scale, pending, sums):
        normalize = _Resumed(pending, sums)
        try:
            return primitive(views, kernels, normalize, stride, scale)
        except _Reached as reached:
            return reached.x

    if primitive.takes_duals:
        return call(*arguments)
    return dual.forward(call, *arguments)


class _Resumed:
    """Normalizer that goes on with a tensor where the last segment ended.

    Args:
        pending: What the last normalization that can be computed gets, or `None`.
        sums: List of the sums for each that can be, or `None`.
    """

    def __init__(self, pending, sums):
        self._pending, self._sums = pending, sums or []
        self._call = 0

    def __call__(self, x, scale=None, relu=False):
        if self._call == len(self._sums):
            raise _Reached(x)
        self._call += 1
        if self._call == len(self._sums):
            x = self._pending
        sums = self._sums[self._call - 1]
        y = global_normalization.normalization(x, sums, EPSILON, scale)
        return elementwise.relu(y) if relu else y


class _Reached(Exception):
    """A primitive came to a normalization whose statistics are not known yet."""

    def __init__(self, x):
        super().__init__()
        self.x = x
