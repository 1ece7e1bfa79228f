"""Functions that are computed again where their gradient is needed.

What they would keep for the gradient is traffic through memory, and lives as long as
the whole pass; what they need instead is their own time once more. There are two forms,
since what each needs would cost the other operations:

* `recomputed` is traced once and called a hundred times, so that its custom gradient
  stands within the traced function. Its backward function is a graph by itself, where
  `tf.gradients` serves: it heeds gradients registered by name, and leaves out what has
  no effect. It can be told what to keep. It is differentiated once.
* `Recomputed` is called within loops, and its derivatives of every order are of the
  same kind. So its custom gradient stands outside of the traced function, in the graph
  of the loop, and all its gradients are tensors, zeros where there is no effect. They
  come from a tape, since XLA may compile the function.

`computed_again` is for gradients of single operations within a traced function.
"""

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from darts_tf.autodiff.custom_gradients import flatten, with_gradient
from darts_tf.autodiff.traced import traced
from darts_tf.tensorflow_private import graph_notes, is_compiled_by_xla

_RECIPES = "recipes"


def recomputed(
    function: Callable, trace: Callable = traced, trace_call: bool = True
) -> Callable:
    """As `traced`, but nothing large is kept for the gradient except the arguments.

    The backward pass computes the function again, as far as the gradient needs it:
    less memory for more time. What is small and takes long to compute can be kept.

    Args:
        function: Function of structures of tensors and, as its last argument, of what
            it wanted to be kept when it was called before, or `None`. It returns a
            structure of tensors, something else that has no gradient, and a structure
            of tensors to be kept.
        trace: How it is made part of the graph, `traced` or `inlined`.
        trace_call: Whether the call, with its custom gradient of many operations, is
            such a part as well. It then returns its arguments once more for the
            gradient, which is for nothing, but that XLA would copy them.

    Returns:
        Function of structures of tensors that returns the first two results.
    """

    @trace
    def forward(arguments):
        return function(*arguments, None)

    @trace
    def backward(arguments, kept, gradients):
        def call(arguments):
            y, *_ = function(*arguments, kept)
            return y

        stands_alone = trace is traced and not is_compiled_by_xla()
        # Not before the gradients are there, or the result would wait for them.
        with tf.control_dependencies(gradients):
            if not stands_alone:
                return _gradients_by_tape(call, arguments, gradients)
            # It searches all of the graph that it stands in, here a small one.
            return tf.gradients(flatten(call(arguments)), flatten(arguments), gradients)

    def compute(arguments):
        y, others, kept = forward(arguments)
        return [y, others], (kept, len(flatten(y)))

    def gradient(arguments, needed, upstream):
        kept, count = needed
        return backward(arguments, kept, upstream[:count])

    def call(*arguments):
        return with_gradient(compute, gradient, arguments)

    return trace(call) if trace_call else call


class Recomputed:
    """A pure function that is computed again where its gradient is needed.

    Its gradient is such a function itself, so that derivatives of every order keep
    arguments alone.

    Args:
        function: Function of two nested structures of tensors, or of `Dual`; it has no
            gradient in the tensors of the first, and those of the second are real.
        jit_compile: Whether XLA compiles it, and its gradients.
    """

    def __init__(self, function: Callable, jit_compile: bool):
        self.function, self.jit_compile = function, jit_compile
        self._traced = traced(function, jit_compile)

    def __call__(self, constants, arguments):
        def compute(arguments):
            return self._traced(constants, arguments), None

        def gradient(arguments, _, upstream):
            return self._gradient(constants, (arguments, upstream))

        return with_gradient(compute, gradient, arguments)

    @functools.cached_property
    def _gradient(self):
        """Function of the arguments and of gradients in the results."""

        def gradient(constants, arguments_and_upstream):
            arguments, upstream = arguments_and_upstream
            # A tape sees no tensor that the gradient of a loop has from the loop.
            arguments = tf.nest.map_structure(
                tf.identity, arguments, expand_composites=True
            )
            return _gradients_by_tape(
                functools.partial(self.function, constants),
                arguments,
                upstream,
                tf.UnconnectedGradients.ZERO,
            )

        return Recomputed(gradient, self.jit_compile)


def _gradients_by_tape(
    function, arguments, upstream, unconnected=tf.UnconnectedGradients.NONE
):
    """Lists the gradients of a function in the tensors of its argument."""
    flat_arguments = flatten(arguments)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(flat_arguments)
        results = flatten(function(arguments))
    return tape.gradient(results, flat_arguments, upstream, unconnected)


def computable_again(
    y: tf.Tensor, function: Callable[..., tf.Tensor], *arguments: Any
) -> tf.Tensor:
    """Notes in its graph what function of what gave a tensor, for `computed_again`."""
    if tf.is_symbolic_tensor(y):
        recipes = graph_notes(y.graph).setdefault(_RECIPES, {})
        recipes[id(y)] = (y, function, arguments)
    return y


def computed_again(x: tf.Tensor) -> tf.Tensor:
    """Spares a gradient from keeping a tensor that is `computable_again`.

    Args:
        x: Tensor that a gradient needs, such a result, a reshaped one, or another.

    Returns:
        The same, computed again from what is kept for other reasons if x stands in
        another graph than the present one: that of a traced function whose backward
        function is being made, which would else receive it. Otherwise x.
    """
    if x.graph is tf.compat.v1.get_default_graph():
        return x
    if x.op.type == "Reshape":
        return tf.reshape(computed_again(x.op.inputs[0]), [-1, *x.shape[1:]])
    recipe = graph_notes(x.graph).get(_RECIPES, {}).get(id(x))
    if recipe is None:
        return x
    _, function, arguments = recipe
    return function(*arguments)
