"""Dual numbers: tensors that carry their derivative along a direction of the weights.

The exact second order needs d/dalpha [ grad_w L(w, alpha) . v ]. The bracket is the
derivative of L along v, and a forward pass can compute it: every tensor x becomes a
pair (x, x'), where x' is the derivative of x as w moves along v. The weights start as
(w, v), the images as plain tensors, which stand still. So may the coefficients of the
operations, for the Hessian of L in alpha. A function f of such pairs is
(f(x), f'(x) x'); the loss comes out as (L, grad_w L . v), and one ordinary backward
pass of its second part gives the product, without a second derivative of any
operation.

Functions learn to take `Dual` where they are defined: `linear`, `bilinear` and
`elementwise` decorate those that are; `functools.singledispatch` adds a rule to others;
`forward` serves any function, more slowly. Sums, differences and products of `Dual`,
and of tensors of the same shape or numbers beside them, are written as usual.
"""

import contextlib
import contextvars
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import keras
import tensorflow as tf

from darts_tf.tensorflow_private import is_compiled_by_xla


class Dual(tf.experimental.ExtensionType):
    """A tensor and its tangent, of the same shape and dtype."""

    value: tf.Tensor
    tangent: tf.Tensor

    @property
    def shape(self) -> tf.TensorShape:
        return self.value.shape

    @property
    def dtype(self) -> tf.DType:
        return self.value.dtype

    def __add__(self, other):
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.tangent + other.tangent)
        return Dual(self.value + other, self.tangent)

    def __neg__(self):
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        if isinstance(other, Dual):
            tangent = self.tangent * other.value + self.value * other.tangent
            return Dual(self.value * other.value, tangent)
        return Dual(self.value * other, self.tangent * other)

    __radd__, __rmul__ = __add__, __mul__


def linear(function: Callable) -> Callable:
    """Lets a function take Duals that is linear in those arguments together.

    They may stand in nested structures, and so may the results. Tensors beside them
    must be factors, as coefficients are: a summand needs a tangent, if only zeros.
    """

    @functools.wraps(function)
    def on_duals(*args, **kwargs):
        if not contains_dual((args, kwargs)):
            return function(*args, **kwargs)
        results = []
        for name in ("value", "tangent"):
            part_args, part_kwargs = _parts((args, kwargs), name)
            results.append(function(*part_args, **part_kwargs))
        return tf.nest.map_structure(Dual, *results)

    return on_duals


def bilinear(function: Callable) -> Callable:
    """Lets a function take Duals that is linear in each of its first two arguments.

    Where the second comes from `tf.stop_gradient`, split and reshaped at most, the
    function is called with `constant=True`: it need not prepare for a gradient in that
    one, and so need not keep the first.
    """

    @functools.wraps(function)
    def on_duals(x, w, *args, constant=False, **kwargs):
        constant = constant or _is_constant(value(w))

        def call(x, w):
            return function(x, w, *args, **kwargs, constant=constant)

        y, terms = call(value(x), value(w)), []
        if isinstance(x, Dual):
            terms.append(call(x.tangent, value(w)))
        if isinstance(w, Dual):
            terms.append(call(value(x), w.tangent))
        return Dual(y, tf.add_n(terms)) if terms else y

    return on_duals


def elementwise(function: Callable) -> Callable:
    """Lets a differentiable function of one tensor take a Dual, element by element."""

    @functools.wraps(function)
    def on_dual(x):
        if not isinstance(x, Dual):
            return function(x)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(x.value)
            y = function(x.value)
        # The Jacobian is diagonal: its product with x' is that of its transpose.
        zero = tf.UnconnectedGradients.ZERO
        return Dual(y, tape.gradient(y, x.value, x.tangent, zero))

    return on_dual


def _is_constant(x):
    # Eager tensors and arrays have no operation.
    op = getattr(x, "op", None)
    while op is not None and op.type in ("Reshape", "SplitV"):
        op = op.inputs[0].op
    return op is not None and op.type == "StopGradient"


def forward(function: Callable, *args: Any) -> tf.Tensor | Dual:
    """Calls any function of tensors on Duals, by TensorFlow's forward accumulator.

    The accumulator calls functions, so that where XLA compiles the graph two tapes
    serve, see `traced`.

    Args:
        function: Differentiable function that returns one tensor.
        *args: Nested structures of tensors, with `Dual` in place of some.
    """
    if not contains_dual(args):
        return function(*args)
    duals = [x for x in tf.nest.flatten(args) if isinstance(x, Dual)]
    values, tangents = [x.value for x in duals], [x.tangent for x in duals]
    call = functools.partial(function, *_parts(args, "value"))
    if is_compiled_by_xla():
        return _forward_by_tapes(call, values, tangents)
    with tf.autodiff.ForwardAccumulator(values, tangents) as jvp:
        y = call()
    tangent = jvp.jvp(y, tf.UnconnectedGradients.ZERO)
    # The accumulator forgets shapes of operations that it has met often.
    tangent.set_shape(y.shape)
    return Dual(y, tangent)


def _forward_by_tapes(call, values, tangents):
    return Dual(*with_tangents(lambda values: call(), values, tangents))


def with_tangents(function: Callable, values: Any, tangents: Any) -> tuple[Any, Any]:
    """Calls a function, and takes its derivative along a direction, by two tapes.

    The gradient for g in the results is linear in g; its transpose takes tangents of
    the values to those of the results.

    Args:
        function: Differentiable function of `values`.
        values: Nested structure of tensors.
        tangents: The same structure, the direction.

    Returns:
        Tuple of what the function returns, a nested structure of tensors, and of its
        derivative, the same structure.
    """
    zero = tf.UnconnectedGradients.ZERO
    with tf.GradientTape(watch_accessed_variables=False) as outer:
        with tf.GradientTape(watch_accessed_variables=False) as inner:
            inner.watch(values)
            y = function(values)
        g = tf.nest.map_structure(tf.zeros_like, y)
        outer.watch(g)
        gradients = inner.gradient(y, values, g, zero)
    return y, outer.gradient(gradients, g, tangents, zero)


def value(x: tf.Tensor | Dual) -> tf.Tensor:
    """Returns the tensor without its tangent."""
    return x.value if isinstance(x, Dual) else x


def all_or_none(tensors: Sequence[tf.Tensor | Dual]) -> list[tf.Tensor | Dual]:
    """Makes all `Dual` where one is; the others stand still, with a tangent of zero."""
    if not contains_dual(tensors):
        return list(tensors)
    return [x if isinstance(x, Dual) else Dual(x, tf.zeros_like(x)) for x in tensors]


def contains_dual(structure: Any) -> bool:
    """Whether there is a `Dual` in a nested structure."""
    return any(isinstance(x, Dual) for x in tf.nest.flatten(structure))


def _parts(structure, name):
    return tf.nest.map_structure(
        lambda x: getattr(x, name) if isinstance(x, Dual) else x, structure
    )


_direction = contextvars.ContextVar("direction", default=None)


@contextlib.contextmanager
def along(
    variables: Iterable[keras.Variable], tangents: Iterable[tf.Tensor]
) -> Iterator[None]:
    """Within, `read` gives these variables as Duals with these tangents."""
    by_variable = {id(v): tangent for v, tangent in zip(variables, tangents)}
    token = _direction.set(by_variable)
    try:
        yield
    finally:
        _direction.reset(token)


def read(variable: keras.Variable) -> tf.Tensor | Dual:
    """Returns the value of a Keras variable, as a `Dual` within `along`."""
    x = tf.convert_to_tensor(variable)
    tangents = _direction.get() or {}
    if id(variable) not in tangents:
        return x
    return Dual(x, tf.cast(tangents[id(variable)], x.dtype))


def call_layer(layer: keras.Layer, x: tf.Tensor | Dual) -> tf.Tensor | Dual:
    """Calls a Keras layer without state on a tensor or `Dual`."""
    variables = layer.trainable_variables
    weights = [read(variable) for variable in variables]
    if not contains_dual((x, weights)):
        return layer(x)

    def call(x, weights):
        # Not `stateless_call`, which leaves out the casts of mixed precision.
        with keras.StatelessScope(list(zip(variables, weights))):
            return layer(x)

    return forward(call, x, weights)
