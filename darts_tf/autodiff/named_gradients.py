"""Gradients that operations of a graph have by a registered name."""

import contextlib
import contextvars
from collections.abc import Iterator

import tensorflow as tf

_PRODUCT_BY_CONSTANT = "DartsTfProductByConstant"

_for_inference = contextvars.ContextVar("for_inference", default=False)


@contextlib.contextmanager
def for_inference() -> Iterator[None]:
    """Within, graphs can be converted, and run on any machine.

    They get no gradients by name, which converters cannot read, and no dilated native
    operation, which needs oneDNN. They are the same on a machine with a GPU.
    """
    token = _for_inference.set(True)
    try:
        yield
    finally:
        _for_inference.reset(token)


def is_for_inference() -> bool:
    """Whether this is called within `for_inference`."""
    return _for_inference.get()


def registered_gradient(
    name: str | None, operation: str = "DepthwiseConv2dNative"
) -> contextlib.AbstractContextManager:
    """Within, operations of a type are differentiated by the gradient of this name.

    A gradient registered by name is used, not `tf.custom_gradient`: its closure
    cannot be differentiated a second time inside a nested `tf.function`. In
    eager execution, or for `None`, TensorFlow's own, equal gradient is used.
    """
    if name is None or tf.executing_eagerly() or is_for_inference():
        return contextlib.nullcontext()
    graph = tf.compat.v1.get_default_graph()
    return graph.gradient_override_map({operation: name})


def product_by_constant(
    x: tf.Tensor, matrix: tf.Tensor, transpose_b: bool = False
) -> tf.Tensor:
    """Matrix product that has no gradient in its second factor.

    TensorFlow's own gradient would keep the first factor for that in the second, and
    `tf.custom_gradient` would keep it for zeros like it.

    Args:
        x: Tensor of shape `(rows, columns)`.
        matrix: Tensor of shape `(columns, new columns)`.
        transpose_b: Whether `matrix` is given transposed.
    """
    with registered_gradient(_PRODUCT_BY_CONSTANT, "MatMul"):
        return tf.matmul(x, matrix, transpose_b=transpose_b)


@tf.RegisterGradient(_PRODUCT_BY_CONSTANT)
def _gradient_by_constant(op, upstream):
    return gradient_in_first_factor(op, upstream), None


def gradient_in_first_factor(product: tf.Operation, upstream: tf.Tensor) -> tf.Tensor:
    """Gradient of an operation `MatMul` in its first factor, not transposed."""
    transposed = product.get_attr("transpose_b")
    return tf.matmul(upstream, product.inputs[1], transpose_b=not transposed)
