"""Terms that the loss of the architecture has beside the validation loss."""

import dataclasses
from collections.abc import Mapping

import keras
import tensorflow as tf

from darts_tf.method.sampled_relaxations import concentration
from darts_tf.method.slots import PACKAGE, Progress, Term, Values


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class ZeroOne(Term):
    """Drives the sigmoids of alpha away from a half (FairDARTS, equation 6).

    Args:
        weight: What the mean over all operations is multiplied by.
        squared: Whether the mean is of squares or of absolute values.
    """

    weight: float = 10.0
    squared: bool = True

    def value(self, values: Mapping[str, Values], progress: Progress) -> tf.Tensor:
        def distances(alpha):
            distance = tf.sigmoid(alpha) - 0.5
            return distance**2 if self.squared else tf.abs(distance)

        return -self.weight * tf.reduce_mean(_of_all_edges(values, distances))


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class LogSumExp(Term):
    """Holds large alphas back, more with each epoch (beta-DARTS, arXiv 2203.01665).

    It is the mean of log sum exp(alpha) over all edges, the gradient of which is the
    softmax over the number of edges.

    Args:
        growth: What an epoch adds to its weight, which begins at 0.
    """

    growth: float = 0.5

    def value(self, values: Mapping[str, Values], progress: Progress) -> tf.Tensor:
        of_edges = _of_all_edges(values, lambda x: tf.reduce_logsumexp(x, axis=-1))
        weight = self.growth * tf.cast(progress.epoch, of_edges.dtype)
        return weight * tf.reduce_mean(of_edges)


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class DirichletDivergence(Term):
    """Divergence of Dirichlet(elu(alpha) + 1) from Dirichlet(1, ..., 1) (DrNAS).

    Args:
        weight: What the sum of the divergences over all edges is multiplied by.
    """

    weight: float = 1e-3

    def value(self, values: Mapping[str, Values], progress: Progress) -> tf.Tensor:
        return self.weight * tf.reduce_sum(_of_all_edges(values, _divergences))


def _divergences(alpha):
    """The divergence of each edge."""
    c = concentration(alpha)
    total = tf.reduce_sum(c, axis=-1, keepdims=True)
    number = tf.constant(c.shape[-1], c.dtype)
    return (
        tf.math.lgamma(total[..., 0])
        - tf.math.lgamma(number)
        - tf.reduce_sum(tf.math.lgamma(c), axis=-1)
        + tf.reduce_sum(
            (c - 1) * (tf.math.digamma(c) - tf.math.digamma(total)), axis=-1
        )
    )


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class Entropy(Term):
    """Mean entropy of softmax(alpha) over all edges: sharpens it.

    Args:
        weight: What it is multiplied by; below 0 it flattens.
    """

    weight: float = 1e-3

    def value(self, values: Mapping[str, Values], progress: Progress) -> tf.Tensor:
        def entropies(alpha):
            logarithms = tf.nn.log_softmax(alpha)
            return -tf.reduce_sum(tf.exp(logarithms) * logarithms, axis=-1)

        return self.weight * tf.reduce_mean(_of_all_edges(values, entropies))


def _of_all_edges(values, of_alpha):
    """What a function of alpha gives for the edges of all kinds of cells.

    It is called once for all kinds that have the same number of operations; where these
    are several numbers, the result is a vector.
    """
    by_width = {}
    for of_kind in values.values():
        alpha = of_kind["alpha"]
        by_width.setdefault(alpha.shape[-1], []).append(alpha)
    parts = [of_alpha(tf.concat(alphas, axis=0)) for alphas in by_width.values()]
    if len(parts) == 1:
        return parts[0]
    return tf.concat([tf.reshape(part, [-1]) for part in parts], axis=0)
