"""Gradients that operations of a graph have by a registered name."""

import contextlib
import contextvars

import tensorflow as tf

_for_inference = contextvars.ContextVar("for_inference", default=False)


@contextlib.contextmanager
def for_inference():
    """Within, graphs can be converted, and run on any machine.

    They get no gradients by name, which converters cannot read, and no dilated native
    operation, which needs oneDNN. They are the same on a machine with a GPU.
    """
    token = _for_inference.set(True)
    try:
        yield
    finally:
        _for_inference.reset(token)


def is_for_inference():
    """Whether this is called within `for_inference`."""
    return _for_inference.get()


def registered_gradient(name, operation="DepthwiseConv2dNative"):
    """Within, operations of a type are differentiated by the gradient of this name.

    A gradient registered by name is used, not `tf.custom_gradient`: its closure
    cannot be differentiated a second time inside a nested `tf.function`. In
    eager execution, or for `None`, TensorFlow's own, equal gradient is used.
    """
    if name is None or tf.executing_eagerly() or is_for_inference():
        return contextlib.nullcontext()
    graph = tf.compat.v1.get_default_graph()
    return graph.gradient_override_map({operation: name})
