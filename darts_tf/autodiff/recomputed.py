"""Functions that are computed again where their gradient is needed."""

import tensorflow as tf

# TensorFlow exports no function that tells what `tf.function` compiles.
from darts_tf.autodiff.traced import is_compiled_by_xla, traced


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
