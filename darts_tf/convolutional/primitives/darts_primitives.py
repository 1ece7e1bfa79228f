"""The primitive operations of convolutional cells, and their registry.

A primitive is stateless: it names its kernels and maps tensors to tensors. Layers
own the kernels, so the same primitive serves an edge of a search network and an
operation of a derived one. To add a primitive, subclass `Primitive` and register an
instance:

```python
class Convolution(Primitive):
    def views(self, stride):
        return ("relu",)

    def kernels(self, channels, stride, inputs=None):
        inputs = inputs or channels
        return (Kernel("kernel", (3, 3, inputs, channels), fan_in=9 * inputs),)

    def normalized_channels(self, channels, stride, inputs=None):
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = tf.nn.conv2d(views["relu"], kernels["kernel"], stride, "SAME")
        return normalize(y, scale)

register_primitive("my_conv_3x3", Convolution())
```
"""

import tensorflow as tf

from darts_tf.autodiff import dual_operations
from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import elementwise, pointwise, pooling
from darts_tf.convolutional.operations.convolution import windowed_conv2d
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive, projection
from darts_tf.convolutional.primitives.registry import register_primitive
from darts_tf.convolutional.primitives.separable_units import SeparableUnits

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


class Zero(Primitive):
    """No connection."""

    is_zero = True

    def __call__(self, views, kernels, normalize, stride, scale):
        return elementwise.zeros(views["input"], stride)


class Pool(Primitive):
    """What a subclass computes of windows; a normalization follows in the search.

    Where the input has other channels than the result, a 1x1 convolution and a
    normalization follow in a derived network, too.
    """

    takes_duals = True
    normalized_when_derived = False

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        return projection(channels, inputs)

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        """Returns the maxima or means."""
        raise NotImplementedError

    def __call__(self, views, kernels, normalize, stride, scale):
        y = self.pooled(views, stride)
        if "projection" in kernels:
            y = pointwise.pointwise(y, kernels["projection"])
        return normalize(y, scale)


class MaxPool(Pool):
    """Maximum of 3x3 windows."""

    takes_groups = True

    def views(self, stride: int) -> tuple[str, ...]:
        # The maximum is a view, because its gradient is faster outside of the edges'
        # traced functions, where it stands in one graph with the maximum.
        return ("max_pool",)

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        return views["max_pool"]


class AveragePool(Pool):
    """Mean of 3x3 windows, over the pixels inside the image."""

    takes_groups = True

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        return pooling.average_pool_3x3(views["input"], stride)


class SkipConnect(Primitive):
    """Identity; at stride 2 a factorized reduction.

    To other channels it is ReLU, 1x1 convolution and normalization at stride 1.
    """

    takes_duals = True
    takes_groups = True

    def views(self, stride: int) -> tuple[str, ...]:
        return ("input",) if stride == 1 else ("relu_even", "relu_odd")

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        if stride == 1:
            return projection(channels, inputs)
        inputs, half = inputs or channels, channels // 2
        return (
            Kernel("even", (inputs, half), inputs),
            Kernel("odd", (inputs, channels - half), inputs),
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,) if self.kernels(channels, stride, inputs) else ()

    def __call__(self, views, kernels, normalize, stride, scale):
        if "projection" in kernels:
            x = elementwise.relu(views["input"])
            return normalize(pointwise.pointwise(x, kernels["projection"]), scale)
        if stride == 1:
            return dual_operations.scaled(views["input"], scale)
        reduced = pointwise.reduce_by_phases(
            views["relu_even"], views["relu_odd"], kernels["even"], kernels["odd"]
        )
        return normalize(reduced, scale)


class SeparableConvolution(SeparableUnits):
    """(ReLU, depthwise, pointwise, batch normalization) twice."""

    endings = ("_1", "_2")


class DilatedConvolution(SeparableUnits):
    """ReLU, depthwise with dilation 2, pointwise, batch normalization."""

    dilation = 2


class RectangularConvolutions(Primitive):
    """ReLU, convolution along the rows, convolution along the columns, normalization.

    As DARTS retrains AmoebaNet-A: at full width, the stride of each along its kernel.
    """

    takes_duals = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        size, inputs = self.size, inputs or channels
        return (
            Kernel("row", (1, size, inputs, channels), size * inputs),
            Kernel("column", (size, 1, channels, channels), size * channels),
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = windowed_conv2d(views["relu"], kernels["row"], (1, stride))
        y = windowed_conv2d(y, kernels["column"], (stride, 1))
        return normalize(y, scale)


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
