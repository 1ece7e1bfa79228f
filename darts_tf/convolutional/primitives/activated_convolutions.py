"""Convolutions whose activation is last, those of hierarchical evolution.

They are convolution, batch normalization, ReLU (arXiv 1711.00436), where those of other
spaces begin with the ReLU. The coefficient in a mixed operation is a factor of their
result, and not the scale of the normalization: only so is the result linear in it, also
where it is 0 or negative.
"""

from darts_tf.autodiff import dual_operations
from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.convolutional.primitives.registry import register_primitive
from darts_tf.convolutional.primitives.separable_convolutions import (
    DepthwiseConvolution,
    SingleSeparableConvolution,
)


class ActivatedPointwiseConvolution(Primitive):
    """1x1 convolution, batch normalization, ReLU."""

    takes_duals = True
    takes_groups = True

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        inputs = inputs or channels
        return (Kernel("kernel", (inputs, channels), inputs),)

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,)

    def __call__(self, views, kernels, normalize, stride, scale):
        x = views["input"]
        if stride == 2:
            x, _ = pointwise.phases(x)
        y = normalize(pointwise.pointwise(x, kernels["kernel"]), relu=True)
        return dual_operations.scaled(y, scale)


class ActivatedSeparableConvolution(SingleSeparableConvolution):
    """Depthwise, pointwise, batch normalization, ReLU."""

    def views(self, stride: int) -> tuple[str, ...]:
        return ("input",)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = normalize(self.convolved(views, kernels, stride), relu=True)
        return dual_operations.scaled(y, scale)


class ActivatedDepthwiseConvolution(DepthwiseConvolution):
    """Depthwise convolution, batch normalization, ReLU."""

    def views(self, stride: int) -> tuple[str, ...]:
        return ("input",)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = normalize(self.convolved(views, kernels, stride), relu=True)
        return dual_operations.scaled(y, scale)


register_primitive("conv_1x1_relu", ActivatedPointwiseConvolution())
register_primitive("sep_conv_3x3_relu", ActivatedSeparableConvolution(3))
register_primitive("dep_conv_3x3_relu", ActivatedDepthwiseConvolution(3))
