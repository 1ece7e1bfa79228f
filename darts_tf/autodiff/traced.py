"""Functions that TensorFlow traces once and calls often.

The graph of a search step would hold a hundred thousand nodes, and take minutes to
make, if each edge of the network stood in it by itself. What many parts of a network
have in common is therefore a function that the graph holds once.
"""

import contextlib
import functools

import tensorflow as tf

# TensorFlow exports no function that tells what `tf.function` compiles.
from tensorflow.python.ops import control_flow_util


def traced(function, jit_compile=False):
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
        experimental_attributes={"_noinline": True},
    )

    @functools.wraps(graph_function, updated=())
    def call(*args, **kwargs):
        if is_compiled_by_xla():
            return function(*args, **kwargs)
        with _one_trace_for_all_devices():
            return graph_function(*args, **kwargs)

    return call


@contextlib.contextmanager
def _one_trace_for_all_devices():
    """Within, TensorFlow does not trace a function anew for each replica's device.

    It would do so for the sake of variables, of which each device has its own copy.
    """
    extended = tf.distribute.get_strategy().extended
    retraces = extended._retrace_functions_for_each_device
    extended._retrace_functions_for_each_device = False
    try:
        yield
    finally:
        extended._retrace_functions_for_each_device = retraces


def is_compiled_by_xla():
    """Whether XLA compiles the graph that is being made."""
    graph = tf.compat.v1.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


def inlined(function):
    """Leaves a function in the graph that calls it, in place of `traced`."""
    return function
