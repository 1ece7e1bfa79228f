"""Depthwise convolutions, alone, with a pointwise one after them, and twice."""

from collections.abc import Mapping

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive, projection
from darts_tf.convolutional.primitives.darts_primitives import SeparableConvolution
from darts_tf.convolutional.primitives.registry import register_primitive


class SingleSeparableConvolution(Primitive):
    """ReLU, depthwise, pointwise, batch normalization, once.

    Args:
        size: Height and width of the depthwise kernel.
    """

    takes_duals = True
    takes_groups = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        inputs = inputs or channels
        return (
            Kernel("depthwise", (self.size, self.size, inputs, 1), self.size**2),
            Kernel("pointwise", (inputs, channels), inputs),
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def convolved(
        self, views: Views, kernels: Mapping, stride: int
    ) -> tf.Tensor | Dual:
        """Returns what is to be normalized."""
        (name,) = self.views(stride)
        y = depthwise_conv2d(views[name], kernels["depthwise"], stride)
        return pointwise.pointwise(y, kernels["pointwise"])

    def __call__(self, views, kernels, normalize, stride, scale):
        return normalize(self.convolved(views, kernels, stride), scale)


class DilatedSeparableConvolution(Primitive):
    """(ReLU, depthwise with dilation 2, pointwise, batch normalization) twice.

    The dilated separable convolution of AmoebaNet (arXiv 1802.01548); that of DARTS,
    `DilatedConvolution`, is once.

    Args:
        size: Height and width of the depthwise kernels, odd.
    """

    takes_duals = True
    takes_groups = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",) if stride == 1 else ("relu_even",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        window, fan_in = (self.size, self.size), self.size**2
        return tuple(
            kernel
            for unit, of_unit in enumerate((inputs or channels, channels), start=1)
            for kernel in (
                Kernel(f"depthwise_{unit}", (*window, of_unit, 1), fan_in),
                Kernel(f"pointwise_{unit}", (of_unit, channels), of_unit),
            )
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels, channels)

    def __call__(self, views, kernels, normalize, stride, scale):
        if stride == 2:
            # With dilation 2 every tap falls on an even pixel.
            y = depthwise_conv2d(views["relu_even"], kernels["depthwise_1"])
        else:
            y = depthwise_conv2d(views["relu"], kernels["depthwise_1"], dilation=2)
        y = normalize(pointwise.pointwise(y, kernels["pointwise_1"]), relu=True)
        y = depthwise_conv2d(y, kernels["depthwise_2"], dilation=2)
        return normalize(pointwise.pointwise(y, kernels["pointwise_2"]), scale)


class DepthwiseConvolution(Primitive):
    """ReLU, depthwise convolution, batch normalization.

    As it cannot change their number, a 1x1 convolution follows it where the input has
    other channels than the result.

    Args:
        size: Height and width of the kernel.
    """

    takes_duals = True
    takes_groups = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        inputs = inputs or channels
        shape = (self.size, self.size, inputs, 1)
        depthwise = Kernel("depthwise", shape, self.size**2)
        return (depthwise, *projection(channels, inputs))

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def convolved(
        self, views: Views, kernels: Mapping, stride: int
    ) -> tf.Tensor | Dual:
        """Returns what is to be normalized."""
        (name,) = self.views(stride)
        y = depthwise_conv2d(views[name], kernels["depthwise"], stride)
        if "projection" in kernels:
            y = pointwise.pointwise(y, kernels["projection"])
        return y

    def __call__(self, views, kernels, normalize, stride, scale):
        return normalize(self.convolved(views, kernels, stride), scale)


register_primitive("sep_conv_1x1", SeparableConvolution(1))
register_primitive("sep_conv_2x2", SeparableConvolution(2))
register_primitive("sep_conv_3x3_once", SingleSeparableConvolution(3))
register_primitive("sep_conv_5x5_once", SingleSeparableConvolution(5))
register_primitive("dil_sep_conv_3x3", DilatedSeparableConvolution(3))
register_primitive("dil_sep_conv_5x5", DilatedSeparableConvolution(5))
register_primitive("dep_conv_3x3", DepthwiseConvolution(3))
