"""The primitive operations of convolutional cells, and their registry.

A primitive is stateless: it names its kernels and maps tensors to tensors. Layers
own the kernels, so the same primitive serves an edge of a search network and an
operation of a derived one. To add a primitive, subclass `Primitive` and register an
instance:

```python
class Convolution(Primitive):
    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride):
        shape = (3, 3, channels, channels)
        return (Kernel("kernel", shape, fan_in=9 * channels),)

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = tf.nn.conv2d(views["relu"], kernels["kernel"], stride, "SAME")
        return normalize(y, scale)

register_primitive("conv_3x3", Convolution())
```
"""

import re

import tensorflow as tf

from darts_tf.convolutional import operations
from darts_tf.convolutional.depthwise import depthwise_conv2d
from darts_tf.convolutional.packing import Kernel

# The paper's list, in the order of the rows of alpha.
DARTS_PRIMITIVES = (
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)


class Primitive:
    """An operation from one state of a cell to another.

    Attributes:
        is_zero: Whether the result is zero everywhere, so that it need not be
            computed.
        takes_duals: Whether the call works on `Dual` as well, which is so if it is
            made of functions that do (`operations`, `depthwise_conv2d`,
            `normalize`). Otherwise the exact second order goes through TensorFlow's
            forward accumulator, which is slower.
        normalized_when_derived: Whether a derived network, too, has the batch
            normalizations that the search network has.
    """

    is_zero = False
    takes_duals = False
    normalized_when_derived = True

    def views(self, stride):
        """Returns the names of what the operation reads, see `source_views`."""
        return ("input",)

    def kernels(self, channels, stride):
        """Returns a tuple of `Kernel`, empty by default.

        Without any, all edges from one state share one result, computed once.
        """
        return ()

    def normalized_channels(self, channels, stride):
        """Returns the channels of each tensor given to `normalize`, in call order."""
        return ()

    def __call__(self, views, kernels, normalize, stride, scale):
        """Computes the operation times `scale`.

        Args:
            views: Dictionary of tensors by name, those that `views()` names.
            kernels: Dictionary of tensors by name, in the shapes of `kernels()`.
            normalize: Batch normalization, called as `normalize(x, scale)`, or with
                `relu=True` for the positive part of that.
            stride: Integer, 1 or 2.
            scale: Tensor of shape `(channels,)`, for each channel the coefficient in
                a mixed operation, or `None` for 1. As the scale of the last
                normalization it costs nothing.

        Returns:
            Tensor of shape `(batch, ceil(height / stride), ceil(width / stride),
            channels)`.
        """
        raise NotImplementedError


_VIEWS = {"input", "relu", "relu_even", "relu_odd", "max_pool"}


def source_views(x, names, stride):
    """Computes what primitives read from a state `x`, each once.

    `input` is x itself, `relu` its positive part, `relu_even` and `relu_odd` the
    positive part at every second pixel, see `operations.phases`, and `max_pool` the
    maximum of 3x3 windows around every `stride`-th pixel.
    """
    names = set(names)
    if names - _VIEWS:
        raise ValueError(
            "Received an invalid value for `views` of a primitive, expected names "
            f"among {sorted(_VIEWS)}. Received: {sorted(names - _VIEWS)}."
        )
    views = {"input": x}
    if names & {"relu", "relu_even", "relu_odd"}:
        views["relu"] = operations.relu(x)
    if names & {"relu_even", "relu_odd"}:
        even, odd = operations.phases(views["relu"])
        views.update(relu_even=even, relu_odd=odd)
    if "max_pool" in names:
        views["max_pool"] = operations.max_pool_3x3(x, stride)
    return {name: views[name] for name in sorted(names)}


class Zero(Primitive):
    """No connection."""

    is_zero = True

    def __call__(self, views, kernels, normalize, stride, scale):
        return operations.zeros(views["input"], stride)


class MaxPool(Primitive):
    """Maximum of 3x3 windows; in the search network a batch normalization follows."""

    takes_duals = True
    normalized_when_derived = False

    def views(self, stride):
        # A view: its gradient is faster outside of the edges' traced functions, where
        # it stands in one graph with the maximum.
        return ("max_pool",)

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        return normalize(views["max_pool"], scale)


class AveragePool(Primitive):
    """Mean of 3x3 windows; in the search network a batch normalization follows."""

    takes_duals = True
    normalized_when_derived = False

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        return normalize(operations.average_pool_3x3(views["input"], stride), scale)


class SkipConnect(Primitive):
    """Identity; at stride 2 a factorized reduction."""

    takes_duals = True

    def views(self, stride):
        return ("input",) if stride == 1 else ("relu_even", "relu_odd")

    def kernels(self, channels, stride):
        if stride == 1:
            return ()
        half = channels // 2
        return (
            Kernel("even", (channels, half), channels),
            Kernel("odd", (channels, channels - half), channels),
        )

    def normalized_channels(self, channels, stride):
        return () if stride == 1 else (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        if stride == 1:
            return operations.scaled(views["input"], scale)
        reduced = operations.reduce_by_phases(
            views["relu_even"], views["relu_odd"], kernels["even"], kernels["odd"]
        )
        return normalize(reduced, scale)


class SeparableConvolution(Primitive):
    """(ReLU, depthwise, pointwise, batch normalization) twice."""

    takes_duals = True

    def __init__(self, size):
        self.size = size

    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride):
        depthwise = (self.size, self.size, channels, 1)
        return tuple(
            kernel
            for unit in (1, 2)
            for kernel in (
                Kernel(f"depthwise_{unit}", depthwise, self.size**2),
                Kernel(f"pointwise_{unit}", (channels, channels), channels),
            )
        )

    def normalized_channels(self, channels, stride):
        return (channels, channels)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = depthwise_conv2d(views["relu"], kernels["depthwise_1"], stride)
        y = operations.pointwise(y, kernels["pointwise_1"])
        y = normalize(y, relu=True)
        y = depthwise_conv2d(y, kernels["depthwise_2"])
        return normalize(operations.pointwise(y, kernels["pointwise_2"]), scale)


class DilatedConvolution(Primitive):
    """ReLU, depthwise with dilation 2, pointwise, batch normalization."""

    takes_duals = True

    def __init__(self, size):
        self.size = size

    def views(self, stride):
        return ("relu",) if stride == 1 else ("relu_even",)

    def kernels(self, channels, stride):
        depthwise = (self.size, self.size, channels, 1)
        return (
            Kernel("depthwise", depthwise, self.size**2),
            Kernel("pointwise", (channels, channels), channels),
        )

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        if stride == 2:
            # With dilation 2 every tap falls on an even pixel.
            y = depthwise_conv2d(views["relu_even"], kernels["depthwise"])
        else:
            y = depthwise_conv2d(views["relu"], kernels["depthwise"], dilation=2)
        return normalize(operations.pointwise(y, kernels["pointwise"]), scale)


class RectangularConvolutions(Primitive):
    """ReLU, convolution along the rows, convolution along the columns, normalization.

    As DARTS retrains AmoebaNet-A: at full width, the stride of each along its kernel.
    """

    def __init__(self, size):
        self.size = size

    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride):
        fan_in = self.size * channels
        return (
            Kernel("row", (1, self.size, channels, channels), fan_in),
            Kernel("column", (self.size, 1, channels, channels), fan_in),
        )

    def normalized_channels(self, channels, stride):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        nothing, around = [0, 0], [self.size // 2, self.size // 2]
        x = tf.pad(views["relu"], [nothing, nothing, around, nothing])
        y = tf.nn.conv2d(x, kernels["row"], [1, stride], "VALID")
        y = tf.pad(y, [nothing, around, nothing, nothing])
        y = tf.nn.conv2d(y, kernels["column"], [stride, 1], "VALID")
        return normalize(y, scale)


_REGISTRY = {}


def register_primitive(name, primitive):
    """Makes `primitive` known as `name`, in genotypes, networks and flags.

    Args:
        name: Lower-case identifier.
        primitive: Instance of `Primitive`.

    Raises:
        ValueError: If the name is no identifier or already taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            "Received an invalid value for argument `name`, expected a lower-case "
            f"identifier. Received: name={name!r}."
        )
    if name in _REGISTRY:
        raise ValueError(
            "Received an invalid value for argument `name`, expected one that is not "
            f"registered yet. Received: name={name!r}."
        )
    if not isinstance(primitive, Primitive):
        raise ValueError(
            "Received an invalid value for argument `primitive`, expected an instance "
            f"of Primitive. Received: primitive={primitive!r}."
        )
    _REGISTRY[name] = primitive


def get_primitive(name):
    """Returns the primitive registered as `name`, or raises a `ValueError`."""
    if name not in _REGISTRY:
        raise ValueError(
            "Received an unknown primitive, expected one of "
            f"{', '.join(_REGISTRY)}. Received: {name!r}."
        )
    return _REGISTRY[name]


register_primitive("none", Zero())
register_primitive("max_pool_3x3", MaxPool())
register_primitive("avg_pool_3x3", AveragePool())
register_primitive("skip_connect", SkipConnect())
register_primitive("sep_conv_3x3", SeparableConvolution(3))
register_primitive("sep_conv_5x5", SeparableConvolution(5))
register_primitive("sep_conv_7x7", SeparableConvolution(7))
register_primitive("dil_conv_3x3", DilatedConvolution(3))
register_primitive("dil_conv_5x5", DilatedConvolution(5))
register_primitive("conv_7x1_1x7", RectangularConvolutions(7))
