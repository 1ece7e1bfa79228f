"""Operations of TensorFlow for tensors and dual numbers alike."""

import tensorflow as tf

from darts_tf.autodiff.dual import linear

add_n = linear(tf.add_n)
cast = linear(tf.cast)
concat = linear(tf.concat)
unstack = linear(tf.unstack)
split = linear(tf.split)


@linear
def stop_gradient(structure):
    """Holds tensors in a nested structure constant."""
    return tf.nest.map_structure(tf.stop_gradient, structure)


@linear
def in_full_precision(x):
    """Casts what a mixed-precision model computes, so that sums lose nothing."""
    return tf.cast(x, tf.float32) if x.dtype.size < tf.float32.size else x
