"""Whole data sets as tensors, from which `tf.data` takes examples."""

from typing import Any

import tensorflow as tf


def on_cpu(*arrays: Any) -> tuple[tf.Tensor, ...]:
    """Returns arrays as tensors in the memory that `tf.data` reads.

    Where there is a GPU TensorFlow would put them there first, and copy them back.
    """
    with tf.device("CPU"):
        return tuple(tf.constant(array) for array in arrays)
