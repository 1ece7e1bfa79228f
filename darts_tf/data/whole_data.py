"""Whole data sets as tensors, from which `tf.data` takes examples."""

import tensorflow as tf


def on_cpu(*arrays):
    """Returns arrays as tensors in the memory that `tf.data` reads.

    Where there is a GPU TensorFlow would put them there first, and copy them back.
    """
    with tf.device("CPU"):
        return tuple(tf.constant(array) for array in arrays)
