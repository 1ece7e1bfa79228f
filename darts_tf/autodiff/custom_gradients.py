"""Functions with gradients of their own."""

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from darts_tf.tensorflow_private import hold_custom_gradient


def custom_gradient(function: Callable) -> Callable:
    """As `tf.custom_gradient`, but a graph in which it is called can be forgotten.

    Args:
        function: Function of tensors that returns a tensor, or a list or tuple of
            tensors, and a function of their gradients.
    """
    decorated = tf.custom_gradient(function)

    def call(*tensors):
        results = decorated(*tensors)
        first = tf.nest.flatten(results)[0]
        if tf.is_symbolic_tensor(first):
            hold_custom_gradient(first.op)
        return results

    return call


def forgettable(function: Callable) -> Callable:
    """Lets the graph that a function makes be forgotten, whatever it calls.

    TensorFlow and Keras themselves use custom gradients: each optimizer does, for the
    sum over replicas.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        results = function(*args, **kwargs)
        if not tf.executing_eagerly():
            for operation in tf.compat.v1.get_default_graph().get_operations():
                if operation.type == "IdentityN":
                    hold_custom_gradient(operation)
        return results

    return call


def with_gradient(
    compute: Callable[[Any], tuple[Any, Any]],
    gradient: Callable[[Any, Any, list[tf.Tensor]], list[tf.Tensor | None]],
    arguments: Any,
) -> Any:
    """Calls a function of a structure of tensors that has a gradient of its own.

    Args:
        compute: Function of the arguments that returns a structure of tensors, and
            anything that the gradient needs besides the arguments.
        gradient: Function of the arguments, of what it needs, and of the list of the
            gradients in the tensors of the results; it returns the list of those in the
            tensors of the arguments.
        arguments: Structure of tensors, `Dual`s among them.

    Returns:
        The results of `compute`.
    """
    results = needed = None

    @custom_gradient
    def call(*tensors):
        nonlocal results, needed
        packed = pack(arguments, tensors)
        results, needed = compute(packed)

        def in_tensors(*upstream):
            return gradient(packed, needed, list(upstream))

        return flatten(results), in_tensors

    tensors = call(*flatten(arguments))
    return pack(results, tensors)


def flatten(structure: Any) -> list:
    """Lists the tensors of a nested structure, of a `Dual` both."""
    return tf.nest.flatten(structure, expand_composites=True)


def pack(structure: Any, flat: list) -> Any:
    """Puts tensors in place of those that `flatten` lists."""
    return tf.nest.pack_sequence_as(structure, flat, expand_composites=True)
