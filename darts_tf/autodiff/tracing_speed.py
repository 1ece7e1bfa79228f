"""Changes to TensorFlow and CPython that shorten the tracing of a large graph."""

import functools

import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue

# TensorFlow exports no function that tells what `tf.function` compiles.
from darts_tf.autodiff.traced import is_compiled_by_xla


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
