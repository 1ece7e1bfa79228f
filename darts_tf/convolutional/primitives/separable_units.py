"""Depthwise convolutions with a pointwise one after each, once or twice."""

from collections.abc import Mapping

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.depthwise import depthwise_conv2d
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive


class SeparableUnits(Primitive):
    """One or two units of ReLU, depthwise, pointwise and batch normalization.

    The first unit has the stride, and goes from the channels of the input to those of
    the result.

    Args:
        size: Height and width of the depthwise kernels, odd where they are dilated.

    Attributes:
        endings: Of the names of the kernels, one for each unit.
        dilation: Of the depthwise convolutions, 1 or 2.
    """

    takes_duals = True
    takes_groups = True
    endings: tuple[str, ...] = ("",)
    dilation = 1

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        # With dilation 2 every tap falls on an even pixel.
        return ("relu_even",) if stride == self.dilation == 2 else ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        size = self.size
        return tuple(
            kernel
            for ending, number in zip(self.endings, (inputs or channels, channels))
            for kernel in (
                Kernel(f"depthwise{ending}", (size, size, number, 1), size**2),
                Kernel(f"pointwise{ending}", (number, channels), number),
            )
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,) * len(self.endings)

    def convolved(
        self, views: Views, kernels: Mapping, stride: int
    ) -> tf.Tensor | Dual:
        """Returns what the first unit normalizes."""
        (name,) = self.views(stride)
        steps = () if name == "relu_even" else (stride, self.dilation)
        return self._convolved(views[name], kernels, self.endings[0], *steps)

    def _convolved(self, x, kernels, ending, *steps):
        y = depthwise_conv2d(x, kernels[f"depthwise{ending}"], *steps)
        return pointwise.pointwise(y, kernels[f"pointwise{ending}"])

    def __call__(self, views, kernels, normalize, stride, scale):
        y = self.convolved(views, kernels, stride)
        for ending in self.endings[1:]:
            y = normalize(y, relu=True)
            y = self._convolved(y, kernels, ending, 1, self.dilation)
        return normalize(y, scale)
