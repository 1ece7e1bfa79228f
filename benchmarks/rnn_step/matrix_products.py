"""The matrix products of a first-order step of the recurrent search, alone."""

import time

import tensorflow as tf

from darts_tf.recurrent.decoder import WORDS_AT_ONCE


def factor_shapes(sizes, words=WORDS_AT_ONCE):
    """Shapes of the factors of all products of a forward pass over one chunk of words.

    Args:
        sizes: `RecurrentSizes`.
        words: Number of words of the chunk.

    Returns:
        Two lists of `(rows, inner, columns)`: of one word in the cell, where all
        states that enter a node share a product, and of a chunk in the decoder.
    """
    units, rows = sizes.units, sizes.batch_size
    cell = [(rows, 2 * units, 2 * units)]
    cell += [((node + 1) * rows, units, 2 * units) for node in range(sizes.nodes)]
    return cell, [(words * rows, units, sizes.vocabulary)]


class MatrixProducts:
    """Runs them: forward and backward, for alpha and then for w.

    The pass for alpha needs no gradients in the weights.

    Args:
        sizes: `RecurrentSizes`.
    """

    def __init__(self, sizes):
        whole, rest = divmod(sizes.length, WORDS_AT_ONCE)
        cell, decoder = factor_shapes(sizes)
        _, shorter = factor_shapes(sizes, rest)
        calls = [(cell, sizes.length), (decoder, whole), (shorter, int(rest > 0))]
        self._calls = [(_factors(shapes), times) for shapes, times in calls if times]
        # One call for each word: products of equal factors in one graph would be
        # computed once.
        self._products = tf.function(_products, autograph=False)

    def step(self):
        """Computes all products once; returns the seconds that they took."""
        start = time.monotonic()
        for weights_too in (False, True):
            for factors, times in self._calls:
                for _ in range(times):
                    results = self._products(factors, weights_too)
                results[-1].numpy()
        return time.monotonic() - start

    def graphs(self):
        """Yields each traced graph, with the number of times that a step runs it."""
        for weights_too in (False, True):
            for factors, times in self._calls:
                traced = self._products.get_concrete_function(factors, weights_too)
                yield traced.graph, times


def _factors(shapes):
    random = tf.random.Generator.from_seed(0)
    return [
        [random.normal(shape) for shape in ((m, k), (k, n), (m, n))]
        for m, k, n in shapes
    ]


def _products(factors, weights_too):
    results = []
    for x, kernel, gradient in factors:
        results.append(tf.matmul(x, kernel))
        results.append(tf.matmul(gradient, kernel, transpose_b=True))
        if weights_too:
            results.append(tf.matmul(x, gradient, transpose_a=True))
    return results
