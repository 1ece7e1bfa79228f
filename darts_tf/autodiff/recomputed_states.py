"""Functions that keep nothing but their arguments until the backward pass."""

import functools

import tensorflow as tf

from darts_tf.autodiff.traced import traced


class Recomputed:
    """A pure function that is computed again where its gradient is needed.

    What it would keep for the gradient is traffic through memory, and lives as long as
    the whole sequence; what it needs instead is its own time once more. Its gradient is
    such a function itself, so that derivatives of every order keep arguments alone.

    Args:
        function: Function of two nested structures of tensors, or of `Dual`; it has no
            gradient in the tensors of the first, and those of the second are real.
        jit_compile: Whether XLA compiles it, and its gradients.
    """

    def __init__(self, function, jit_compile):
        self.function, self.jit_compile = function, jit_compile
        self._traced = traced(function, jit_compile)

    def __call__(self, constants, arguments):
        flat_arguments = flatten(arguments)
        results = []

        @tf.custom_gradient
        def call(*flat_arguments):
            packed = pack(arguments, flat_arguments)
            results.append(self._traced(constants, packed))

            def gradient(*upstream):
                return self._gradient(constants, (packed, list(upstream)))

            return flatten(results[-1]), gradient

        flat_results = call(*flat_arguments)
        return pack(results[-1], flat_results)

    @functools.cached_property
    def _gradient(self):
        """Function of the arguments and of gradients in the results."""

        def gradient(constants, arguments_and_upstream):
            arguments, upstream = arguments_and_upstream
            # A tape sees no tensor that the gradient of a loop has from the loop.
            flat_arguments = [tf.identity(x) for x in flatten(arguments)]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(flat_arguments)
                results = self.function(constants, pack(arguments, flat_arguments))
                flat_results = flatten(results)
            return tape.gradient(
                flat_results,
                flat_arguments,
                upstream,
                unconnected_gradients=tf.UnconnectedGradients.ZERO,
            )

        return Recomputed(gradient, self.jit_compile)


def stop_gradient(structure):
    """Holds all tensors of a nested structure constant; `None` stays."""
    flat = [x if x is None else tf.stop_gradient(x) for x in flatten(structure)]
    return pack(structure, flat)


def flatten(structure):
    """Lists the tensors of a nested structure, of a `Dual` both."""
    return tf.nest.flatten(structure, expand_composites=True)


def pack(structure, flat):
    """Puts tensors in place of those that `flatten` lists."""
    return tf.nest.pack_sequence_as(structure, flat, expand_composites=True)
