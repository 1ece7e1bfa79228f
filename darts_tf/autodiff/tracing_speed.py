"""Changes to a large graph that shorten its preparation by TensorFlow."""

import functools
from collections.abc import Callable

import tensorflow as tf

from darts_tf.tensorflow_private import infer_no_shapes_of_calls, is_compiled_by_xla


def opaque_calls(function: Callable) -> Callable:
    """Lets TensorFlow prepare a graph without looking into the functions it calls.

    Before a graph runs, a pass for XLA asks of each node whether it is connected with a
    reference variable. To answer, it builds the function that the node calls, and those
    that this one calls in turn, for every call anew, at every level: up to a third of
    the time before a search's first step. It does not ask where the answer follows
    from a node's inputs. So all nodes wait for a reference variable here, which nobody
    reads or sets; no value changes.

    Args:
        function: Function that calls many `traced` ones. It stays as it is where XLA,
            which knows no such variable, compiles it.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        if tf.executing_eagerly() or is_compiled_by_xla():
            return function(*args, **kwargs)
        reference = tf.raw_ops.VariableV2(shape=[], dtype=tf.float32)
        infer_no_shapes_of_calls(reference.graph)
        with tf.control_dependencies([reference]):
            return function(*args, **kwargs)

    return call
