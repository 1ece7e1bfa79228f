"""Operations of TensorFlow for tensors and dual numbers alike."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.autodiff.dual import (
    Dual,
    all_or_none,
    elementwise,
    linear,
    value,
)

cast = linear(tf.cast)
reshape = linear(tf.reshape)
split = linear(tf.split)
stack = linear(tf.stack)
unstack = linear(tf.unstack)

rsqrt = elementwise(tf.math.rsqrt)
sigmoid = elementwise(tf.sigmoid)
tanh = elementwise(tf.tanh)


@linear
def add_in_order(terms: Sequence[tf.Tensor | Dual]) -> tf.Tensor | Dual:
    """Sum of tensors of one shape in one order, whatever else reads them.

    `tf.add_n` begins with the first term that nothing else reads any more, to take its
    memory for the sum. Where another operation reads a term, that depends on which of
    the two comes first, and so do the last bits. Two terms have the same sum in both
    orders, and nothing else reads it.
    """
    first, *rest = terms
    return tf.add_n([first + rest[0], *rest[1:]] if rest else terms)


def add_n(terms: Sequence[tf.Tensor | Dual]) -> tf.Tensor | Dual:
    """Sum of tensors of one shape; those that are no `Dual` stand still.

    See `add_in_order` for terms that something else reads.
    """
    tangents = [x.tangent for x in terms if isinstance(x, Dual)]
    total = tf.add_n([value(x) for x in terms])
    return Dual(total, tf.add_n(tangents)) if tangents else total


def concat(parts: Sequence[tf.Tensor | Dual], axis: int) -> tf.Tensor | Dual:
    """Joins tensors along an axis; those that are no `Dual` stand still."""
    return _concat(all_or_none(parts), axis)


_concat = linear(tf.concat)


def stop_gradient(structure: Any) -> Any:
    """Holds the tensors in a nested structure constant; `None` stays."""
    return tf.nest.map_structure(
        lambda x: x if x is None else tf.stop_gradient(x),
        structure,
        expand_composites=True,
    )


@linear
def in_full_precision(x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Casts what a mixed-precision model computes, so that sums lose nothing."""
    return tf.cast(x, tf.float32) if x.dtype.size < tf.float32.size else x


def scaled(x: tf.Tensor | Dual, factor: tf.Tensor | Dual | None) -> tf.Tensor | Dual:
    """A tensor times a factor, such as a dropout mask, or as it is for `None`.

    Args:
        x: The tensor.
        factor: Of its shape, or of one that spreads to it.
    """
    if factor is None:
        return x
    return factor * x if isinstance(factor, Dual) else x * factor
