"""Functions that TensorFlow traces once and calls often.

The graph of a search step would hold a hundred thousand nodes, and take minutes to
make, if each edge of the network stood in it by itself. What many parts of a network
have in common is therefore a function that the graph holds once.
"""

import functools
from collections.abc import Callable

import tensorflow as tf

from darts_tf.tensorflow_private import (
    NOT_INLINED,
    is_compiled_by_xla,
    one_trace_for_all_devices,
)
from darts_tf.traced_device import traces_for_gpu


def traced(function: Callable, jit_compile: bool = False) -> Callable:
    """Compiles a function of tensors, `Dual`s and structures of them into a graph.

    Calls are not inlined, so that TensorFlow prepares and optimizes it once as well.
    No collective operation may stand in it: TensorFlow forbids those there. All
    replicas of a strategy call what one of them traced. So where there are several it
    may read no variable: that would be the first one's copy.

    Where XLA compiles the graph of the call, they are: the gradient of a function takes
    integers such as shapes and axes from it, which XLA must know when it compiles, and
    so it would make constants of all that the function gets, images and weights too,
    and compile again in each step.

    Args:
        function: The function.
        jit_compile: Whether XLA compiles it.
    """
    graph_function = tf.function(
        function,
        autograph=False,
        jit_compile=jit_compile,
        experimental_attributes=NOT_INLINED,
    )

    @functools.wraps(graph_function, updated=())
    def call(*args, **kwargs):
        if is_compiled_by_xla():
            return function(*args, **kwargs)
        with one_trace_for_all_devices():
            return graph_function(*args, **kwargs)

    return call


def compiled_for_gpu(function: Callable) -> Callable:
    """Has XLA compile a function where graphs are traced for a GPU.

    It is for functions of many small tensors, since a GPU would wait for each operation
    on each of them to be started. Elsewhere it is called as it is.
    """
    compiled = traced(function, jit_compile=True)

    @functools.wraps(function)
    def call(*args):
        return compiled(*args) if traces_for_gpu() else function(*args)

    return call


def inlined(function: Callable) -> Callable:
    """Leaves a function in the graph that calls it, in place of `traced`."""
    return function
