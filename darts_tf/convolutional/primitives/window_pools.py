"""Maximum and mean of windows of further sizes."""

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pointwise, pooling
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive
from darts_tf.convolutional.primitives.registry import register_primitive


class WindowPool(Primitive):
    """What a subclass computes of windows; a normalization follows in the search.

    Where the input has other channels than the result, a 1x1 convolution and a
    normalization follow in a derived network, too.

    Args:
        size: Height and width of the windows, see `pooling.max_pool`.
    """

    takes_duals = True
    normalized_when_derived = False

    def __init__(self, size: int):
        self.size = size

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        if inputs is None or inputs == channels:
            return ()
        return (Kernel("projection", (inputs, channels), inputs),)

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


class WindowMaximum(WindowPool):
    """Maximum of windows, 2x2, 5x5 or 7x7."""

    def views(self, stride: int) -> tuple[str, ...]:
        return (f"max_pool_{self.size}x{self.size}",)

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        (name,) = self.views(stride)
        return views[name]


class WindowMean(WindowPool):
    """Mean of windows, over the pixels inside the image."""

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        return pooling.average_pool(views["input"], self.size, stride)


for _size in (2, 5, 7):
    register_primitive(f"max_pool_{_size}x{_size}", WindowMaximum(_size))
    register_primitive(f"avg_pool_{_size}x{_size}", WindowMean(_size))
