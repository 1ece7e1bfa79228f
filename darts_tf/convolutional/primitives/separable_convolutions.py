"""Depthwise convolutions, alone, with a pointwise one after them, and twice."""

from collections.abc import Mapping

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import projection
from darts_tf.convolutional.primitives.darts_primitives import SeparableConvolution
from darts_tf.convolutional.primitives.registry import register_primitive
from darts_tf.convolutional.primitives.separable_units import SeparableUnits


class SingleSeparableConvolution(SeparableUnits):
    """ReLU, depthwise, pointwise, batch normalization, once."""


class DilatedSeparableConvolution(SeparableConvolution):
    """(ReLU, depthwise with dilation 2, pointwise, batch normalization) twice.

    The dilated separable convolution of AmoebaNet (arXiv 1802.01548); that of DARTS,
    `DilatedConvolution`, is once.
    """

    dilation = 2


class DepthwiseConvolution(SeparableUnits):
    """ReLU, depthwise convolution, batch normalization.

    As it cannot change their number, a 1x1 convolution follows it where the input has
    other channels than the result, and only there.
    """

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        depthwise, _ = super().kernels(channels, stride, inputs)
        return (depthwise, *projection(channels, inputs))

    def convolved(
        self, views: Views, kernels: Mapping, stride: int
    ) -> tf.Tensor | Dual:
        (name,) = self.views(stride)
        y = depthwise_conv2d(views[name], kernels["depthwise"], stride)
        if "projection" in kernels:
            y = pointwise.pointwise(y, kernels["projection"])
        return y


register_primitive("sep_conv_1x1", SeparableConvolution(1))
register_primitive("sep_conv_2x2", SeparableConvolution(2))
register_primitive("sep_conv_3x3_once", SingleSeparableConvolution(3))
register_primitive("sep_conv_5x5_once", SingleSeparableConvolution(5))
register_primitive("dil_sep_conv_3x3", DilatedSeparableConvolution(3))
register_primitive("dil_sep_conv_5x5", DilatedSeparableConvolution(5))
register_primitive("dep_conv_3x3", DepthwiseConvolution(3))
