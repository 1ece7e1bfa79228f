"""Convolutions over all channels, the operations of NAS-Bench-201."""

from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.convolution import conv2d
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.convolutional.primitives.registry import register_primitive


class FullConvolution(Primitive):
    """ReLU, convolution, batch normalization (arXiv 2001.00326).

    Args:
        size: Height and width of the kernel, odd.
    """

    takes_duals = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",)

    def kernels(self, channels: int, stride: int) -> tuple[Kernel, ...]:
        shape = (self.size, self.size, channels, channels)
        return (Kernel("kernel", shape, fan_in=self.size**2 * channels),)

    def normalized_channels(self, channels: int, stride: int) -> tuple[int, ...]:
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        return normalize(conv2d(views["relu"], kernels["kernel"], stride), scale)


class FullPointwiseConvolution(Primitive):
    """The same with a kernel of one pixel, as a matrix product."""

    takes_duals = True

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",) if stride == 1 else ("relu_even",)

    def kernels(self, channels: int, stride: int) -> tuple[Kernel, ...]:
        return (Kernel("kernel", (channels, channels), fan_in=channels),)

    def normalized_channels(self, channels: int, stride: int) -> tuple[int, ...]:
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        (view,) = self.views(stride)
        y = pointwise.pointwise(views[view], kernels["kernel"])
        return normalize(y, scale)


register_primitive("nor_conv_1x1", FullPointwiseConvolution())
register_primitive("nor_conv_3x3", FullConvolution(3))
