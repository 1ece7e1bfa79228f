"""Full convolutions between two 1x1 convolutions, as AmoebaNet has them."""

from collections.abc import Sequence

from darts_tf.convolutional.operations import pointwise
from darts_tf.convolutional.operations.convolution import windowed_conv2d
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.convolutional.primitives.registry import register_primitive

# The middle has a quarter of the channels.
_SHARE = 4


class Bottleneck(Primitive):
    """1x1 convolution to a quarter of the channels, full ones, 1x1 convolution back.

    A ReLU is before and a batch normalization behind each (arXiv 1802.01548). The
    stride of each full convolution goes along the sides of its window.

    Args:
        windows: `(rows, columns)` of each full convolution.
    """

    takes_duals = True

    def __init__(self, windows: Sequence[tuple[int, int]]):
        self.windows = tuple(windows)

    def views(self, stride: int) -> tuple[str, ...]:
        return ("relu",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        inputs, middle = inputs or channels, _middle(channels)
        convolutions = (
            Kernel(
                f"convolution_{index}",
                (rows, columns, middle, middle),
                rows * columns * middle,
            )
            for index, (rows, columns) in enumerate(self.windows, start=1)
        )
        return (
            Kernel("narrow", (inputs, middle), inputs),
            *convolutions,
            Kernel("widen", (middle, channels), middle),
        )

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (*[_middle(channels)] * (1 + len(self.windows)), channels)

    def __call__(self, views, kernels, normalize, stride, scale):
        y = normalize(pointwise.pointwise(views["relu"], kernels["narrow"]), relu=True)
        for index, (rows, columns) in enumerate(self.windows, start=1):
            strides = (stride if rows > 1 else 1, stride if columns > 1 else 1)
            y = windowed_conv2d(y, kernels[f"convolution_{index}"], strides)
            y = normalize(y, relu=True)
        return normalize(pointwise.pointwise(y, kernels["widen"]), scale)


def _middle(channels):
    return max(channels // _SHARE, 1)


register_primitive("bottleneck_3x3", Bottleneck([(3, 3)]))
register_primitive("bottleneck_1x3_3x1", Bottleneck([(1, 3), (3, 1)]))
register_primitive("bottleneck_1x7_7x1", Bottleneck([(1, 7), (7, 1)]))
