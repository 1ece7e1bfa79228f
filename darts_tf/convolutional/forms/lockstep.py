"""Primitives side by side, so that what they normalize is computed together.

A primitive is code that calls `normalize`. It runs up to its next call of it; what all
of them give there becomes one batched product and one normalization, and each goes on
with its part of the result. To go on, it runs from its start again and is given the
results of its earlier calls: what is computed twice leads nowhere the first time, and
TensorFlow leaves it out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations.grouped import images, normalization
from darts_tf.convolutional.operations.grouped.kept import Kept
from darts_tf.convolutional.operations.grouped.pointwise import Product, product


class Request(NamedTuple):
    """What a primitive gives to a normalization.

    Attributes:
        x: Images of edges, or a `Product` of them.
        scale: Tensor or `Dual` of shape `(edges, channels, 1, 1, 1)`, or `None` for 1.
        relu: Whether the primitive goes on with the positive part.
    """

    x: tf.Tensor | Dual | Product
    scale: tf.Tensor | Dual | None
    relu: bool


def in_lockstep(primitives: Mapping[Any, Callable], normalize: Callable) -> dict:
    """Runs functions side by side.

    Args:
        primitives: By key, function of a normalizer, see `Primitive`.
        normalize: Function of a dictionary of `Request`s by some of the keys that
            returns what they ask for.

    Returns:
        Dictionary of the results of the functions by key.
    """
    given, results = {key: [] for key in primitives}, {}
    while requests := advance(primitives, given, results):
        for key, y in normalize(requests).items():
            given[key].append(y)
    return results


def advance(
    primitives: Mapping[Any, Callable], given: Mapping[Any, Sequence], results: dict
) -> dict:
    """Runs each function up to its next normalization, or to its end.

    Args:
        primitives: See `in_lockstep`.
        given: By key, what its normalizations have given so far.
        results: Dictionary of results, to which those are added that are new.

    Returns:
        Dictionary of the `Request`s by key.
    """
    requests = {}
    for key, primitive in primitives.items():
        if key in results:
            continue
        try:
            results[key] = primitive(_Replay(given[key]))
        except _Reached as reached:
            requests[key] = reached.request
    return requests


class _Replay:
    """Normalizer that gives results that are known, in call order."""

    def __init__(self, given):
        self._given = iter(given)

    def __call__(self, x, scale=None, relu=False):
        for y in self._given:
            return y
        raise _Reached(Request(x, scale, relu))


class _Reached(Exception):
    """A primitive came to a normalization that has not been computed yet."""

    def __init__(self, request):
        super().__init__()
        self.request = request


class Batches(NamedTuple):
    """Requests that are computed together.

    Attributes:
        sizes: The number of edges of each request by its key.
        x: Images of all their edges, joined.
        scale: Shape `(all edges, channels)`.
        relu: List with a truth value for each edge.
    """

    sizes: dict
    x: tf.Tensor | Dual
    scale: tf.Tensor | Dual
    relu: list[bool]

    def parted(self, y: tf.Tensor | Dual) -> dict:
        """Takes what was computed of `x` apart, by key."""
        return dict(zip(self.sizes, images.parted(y, [*self.sizes.values()])))


def batches(
    requests: Mapping[Any, Request], constant_kernels: bool, kept: Kept
) -> list[Batches]:
    """Joins requests of one shape, and computes the products that they wait for.

    Args:
        requests: By key.
        constant_kernels: Whether no gradient for kernels will be asked for.
        kept: `Kept`, for the images.
    """
    by_shape = {}
    for key, request in requests.items():
        by_shape.setdefault(_shape(request.x), {})[key] = request
    return [_joined(alike, constant_kernels, kept) for alike in by_shape.values()]


def _shape(x):
    if isinstance(x, Product):
        return (*x.x.shape[:1], *x.x.shape[3:], *x.kernel.shape)
    return (*x.shape[:2], *x.shape[3:])


def _joined(requests, constant_kernels, kept):
    x = _images([request.x for request in requests.values()], constant_kernels, kept)
    edges = x.shape[0] // len(requests)
    ones = tf.ones([edges, x.shape[1]], x.dtype)
    scales = [
        ones
        if request.scale is None
        else dual_operations.reshape(request.scale, ones.shape)
        for request in requests.values()
    ]
    relu = [request.relu for request in requests.values() for _ in range(edges)]
    sizes = dict.fromkeys(requests, edges)
    return Batches(sizes, x, images.joined(scales), relu)


def _images(alike, constant, kept):
    if not isinstance(alike[0], Product):
        x = images.joined(alike)
        # What all edges share is a pool, and computed again.
        return x if alike[0].shape[0] == 1 else kept.image(x)
    if alike[0].x.shape[0] == alike[0].kernel.shape[0]:
        x, kernel = (images.joined(parts) for parts in zip(*alike))
        # The gradient in the kernel needs it.
        x = x if constant else kept.image(x)
        return kept.image(product(x, kernel, constant=constant))
    # They read what all edges share.
    y = images.joined([product(*each, constant=constant) for each in alike])
    return kept.image(y)


class BatchStatistics:
    """Normalizes requests with the statistics of the batch.

    Args:
        constant_kernels, kept: See `batches`.

    Attributes:
        moments: By key, list of the mean and unbiased variance of each call, of shape
            `(2, edges, channels)`.
    """

    def __init__(self, constant_kernels: bool, kept: Kept):
        self._constant_kernels, self._kept = constant_kernels, kept
        self.moments = {}

    def __call__(self, requests: Mapping[Any, Request]) -> dict:
        results = {}
        for batch in batches(requests, self._constant_kernels, self._kept):
            y, moments = normalization.batch_normalization(*batch[1:], self._kept)
            results |= batch.parted(y)
            parts = tf.split(moments, [*batch.sizes.values()], axis=1)
            for key, of_key in zip(batch.sizes, parts):
                self.moments.setdefault(key, []).append(of_key)
        return results


class MovingStatistics:
    """Normalizes requests with given statistics, those of `BatchStatistics.moments`."""

    def __init__(
        self, moments: Mapping[Any, Sequence], constant_kernels: bool, kept: Kept
    ):
        self._moments = {key: iter(of_key) for key, of_key in moments.items()}
        self._constant_kernels, self._kept = constant_kernels, kept

    def __call__(self, requests: Mapping[Any, Request]) -> dict:
        results = {}
        for batch in batches(requests, self._constant_kernels, self._kept):
            moments = tf.concat([next(self._moments[key]) for key in batch.sizes], 1)
            y = normalization.moving_normalization(
                batch.x, moments, batch.scale, batch.relu
            )
            results |= batch.parted(y)
        return results
