"""Convolutions over all channels, under the names that papers give them."""

from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.convolution import windowed_conv2d
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.convolutional.primitives.darts_primitives import RectangularConvolutions
from darts_tf.convolutional.primitives.registry import register_primitive


class FullConvolution(Primitive):
    """ReLU, convolution, batch normalization (arXiv 2001.00326).

    Args:
        size: Height and width of the kernel. With 1 it is a matrix product, and takes
            groups.
    """

    takes_duals = True

    def __init__(self, size: int):
        self.size = size
        self.takes_groups = size == 1

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu_even",) if self.size == 1 and stride == 2 else ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        window = () if self.size == 1 else (self.size, self.size)
        inputs = inputs or channels
        return (Kernel("kernel", (*window, inputs, channels), self.size**2 * inputs),)

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        (name,) = self.views(stride)
        x, kernel = views[name], kernels["kernel"]
        if self.size == 1:
            return normalize(pointwise.pointwise(x, kernel), scale)
        return normalize(windowed_conv2d(x, kernel, (stride, stride)), scale)


register_primitive("nor_conv_1x1", FullConvolution(1))
register_primitive("nor_conv_3x3", FullConvolution(3))

register_primitive("conv_1x1", FullConvolution(1))
register_primitive("conv_2x2", FullConvolution(2))
register_primitive("conv_3x3", FullConvolution(3))
register_primitive("conv_1x3_3x1", RectangularConvolutions(3))
# DARTS' name of it is "conv_7x1_1x7".
register_primitive("conv_1x7_7x1", RectangularConvolutions(7))
