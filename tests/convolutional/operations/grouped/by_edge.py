"""Compares operations of grouped images with those of one edge after the other."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from darts_tf.autodiff import dual
from darts_tf.autodiff.dual import Dual

TOLERANCE = 1e-12


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def compare(
    grouped: Callable,
    of_one: Callable,
    images: Sequence[np.ndarray],
    kernels: Sequence[np.ndarray] = (),
) -> None:
    """Compares results and gradients, of tensors and of Duals.

    Args:
        grouped: Function of the images and kernels of all edges.
        of_one: Function of an image `(batch, height, width, channels)` for each and of
            the kernels of one edge.
        images: Arrays, of one edge or all.
        kernels: Arrays, the edges in front.
    """
    edges = max(x.shape[0] for x in [*images, *kernels])

    def by_edge(*arguments):
        results = []
        for edge in range(edges):
            own = [_of_edge(x, edge) for x in arguments[: len(images)]]
            kernels_of_edge = (x[edge] for x in arguments[len(images) :])
            results.append(of_one(*own, *kernels_of_edge))
        return tf.stack([tf.transpose(y, [3, 0, 1, 2]) for y in results])

    arguments = [tf.constant(x) for x in [*images, *kernels]]
    tangents = [tf.constant(normal(*x.shape, seed=7 + x.ndim)) for x in arguments]
    _check(
        _with_gradients(grouped, arguments, []),
        _with_gradients(by_edge, arguments, []),
    )
    _check(
        _with_gradients(grouped, arguments, tangents),
        _with_gradients(_forward(by_edge), arguments, tangents),
    )


def _of_edge(x, edge):
    return tf.transpose(x[edge if x.shape[0] > 1 else 0], [1, 2, 3, 0])


def _forward(function):
    return lambda *arguments: dual.forward(function, *arguments)


def _with_gradients(function, arguments, tangents):
    """The results, and the gradients of what they add up to with random weights."""
    watched = [*arguments, *tangents]
    with tf.GradientTape() as tape:
        tape.watch(watched)
        duals = [Dual(*pair) for pair in zip(arguments, tangents)] or arguments
        y = function(*duals)
        results = [y.value, y.tangent] if isinstance(y, Dual) else [y]
        weights = [normal(*y.shape, seed=seed) for seed, y in enumerate(results)]
        loss = tf.add_n([tf.reduce_sum(w * y) for w, y in zip(weights, results)])
    return [*results, *tape.gradient(loss, watched, unconnected_gradients="zero")]


def _check(actual, expected):
    assert len(actual) == len(expected)
    for got, wanted in zip(actual, expected):
        assert got.shape == wanted.shape
        scale = max(np.abs(wanted).max(), 1)
        np.testing.assert_allclose(got, wanted, rtol=0, atol=TOLERANCE * scale)
