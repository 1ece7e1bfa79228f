"""Operations of TensorFlow for tensors and dual numbers alike."""

from typing import Any

import tensorflow as tf

from darts_tf.autodiff.dual import Dual, elementwise, linear

add_n = linear(tf.add_n)
cast = linear(tf.cast)
concat = linear(tf.concat)
reshape = linear(tf.reshape)
split = linear(tf.split)
unstack = linear(tf.unstack)

rsqrt = elementwise(tf.math.rsqrt)
sigmoid = elementwise(tf.sigmoid)
tanh = elementwise(tf.tanh)


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


@linear
def scaled(x: tf.Tensor | Dual, factor: tf.Tensor | None) -> tf.Tensor | Dual:
    """A tensor times a factor, such as a dropout mask, or as it is for `None`."""
    return x if factor is None else x * factor
