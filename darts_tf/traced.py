"""Functions that TensorFlow traces once and calls often.

The graph of a search step would hold a hundred thousand nodes, and take minutes to
make, if each edge of the network stood in it by itself. What many parts of a network
have in common is therefore a function that the graph holds once.
"""

import contextlib
import functools

import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue

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


def opaque_calls(function):
    """Lets TensorFlow prepare a graph without looking into the functions it calls.

    Before a graph runs, a pass for XLA asks of each node whether it is connected with a
    reference variable. To answer, it builds the function that the node calls, and those
    that this one calls in turn, for every call anew, at every level: up to a third of
    the time before a search's first step. It does not ask where the answer follows
    from a node's inputs. So all nodes wait for a reference variable here, which nobody
    reads or sets; no value changes.

    While the graph is made, TensorFlow would also infer shapes through every function
    that is called, for every call and at every level, though `tf.function` has them and
    sets them. An attribute of the call, one of TensorFlow's own, spares that.

    Args:
        function: Function that calls many `traced` ones. It stays as it is where XLA,
            which knows no such variable, compiles it.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        if tf.executing_eagerly() or is_compiled_by_xla():
            return function(*args, **kwargs)
        reference = tf.raw_ops.VariableV2(shape=[], dtype=tf.float32)
        _infer_no_shapes_of_calls(reference.graph)
        with tf.control_dependencies([reference]):
            return function(*args, **kwargs)

    return call


def _infer_no_shapes_of_calls(graph):
    create_op = graph.create_op

    def create_opaque(op_type, *args, attrs=None, **kwargs):
        if op_type in ("PartitionedCall", "StatefulPartitionedCall"):
            attrs = {**attrs, "_disable_call_shape_inference": AttrValue(b=True)}
        return create_op(op_type, *args, attrs=attrs, **kwargs)

    # The attribute has to be there when the call is made; later is too late.
    graph.create_op = create_opaque


def with_room_for_frames(function):
    """Gives a function a frame so large that those of all it calls are in one piece.

    CPython keeps frames in chunks of 16 KB. The call that does not fit in one opens
    the next, and its return closes that again. If the innermost loops of tracing lie
    at the end of a chunk, the system maps and unmaps memory for each of a hundred
    thousand calls: a fifth of the time that a search step is traced for. A chunk is
    larger where one frame asks for more, and what that leaves is for the next frames.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        return function(*args, **kwargs)

    # In words of 8 bytes; the chunk is 1 MB.
    call.__code__ = call.__code__.replace(co_stacksize=1 << 16)
    return call


def recomputed(function, trace=traced):
    """As `traced`, but nothing large is kept for the gradient except the arguments.

    The backward pass computes the function again, as far as the gradient needs it:
    less memory for more time. What is small and takes long to compute can be kept.

    Args:
        function: Function of structures of tensors and, as its last argument, of what
            it wanted to be kept when it was called before, or `None`. It returns a
            structure of tensors, something else that has no gradient, and a structure
            of tensors to be kept.
        trace: How it is made part of the graph, `traced` or `inlined`.

    Returns:
        Function of structures of tensors that returns the first two results.
    """

    @trace
    def forward(arguments):
        return function(*arguments, None)

    @trace
    def backward(arguments, kept, gradients):
        stands_alone = trace is traced and not is_compiled_by_xla()
        differentiate = _by_graph if stands_alone else _by_tape
        # Not before the gradients are there, or the result would wait for them.
        with tf.control_dependencies(gradients):
            return differentiate(function, arguments, kept, gradients)

    # Traced as well, since a custom gradient takes many operations.
    @trace
    def call(*arguments):
        outputs = None

        @tf.custom_gradient
        def on_tensors(*tensors):
            nonlocal outputs
            structure = tf.nest.pack_sequence_as(arguments, tensors, True)
            *outputs, kept = forward(structure)

            def gradients(*gradients):
                return backward(structure, kept, gradients[: len(_flat(outputs[0]))])

            return _flat(outputs), gradients

        tensors = on_tensors(*_flat(arguments))
        return tf.nest.pack_sequence_as(outputs, tensors, True)

    return call


def _by_tape(function, arguments, kept, gradients):
    """Gradients of the function in its arguments, `None` where they have no effect."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(_flat(arguments))
        y, *_ = function(*arguments, kept)
    return tape.gradient(_flat(y), _flat(arguments), gradients)


def _by_graph(function, arguments, kept, gradients):
    """As `_by_tape`, but heeds gradients registered by name.

    It searches all of the graph that it stands in, which should be a small one.
    """
    y, *_ = function(*arguments, kept)
    return tf.gradients(_flat(y), _flat(arguments), gradients)


def _flat(structure):
    return tf.nest.flatten(structure, expand_composites=True)
