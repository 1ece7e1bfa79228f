"""Maximum and mean of windows of further sizes."""

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pooling
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.primitives.darts_primitives import Pool
from darts_tf.convolutional.primitives.registry import register_primitive


class WindowPool(Pool):
    """What a subclass computes of windows, see `Pool`.

    Args:
        size: Height and width of the windows, see `pooling.max_pool`.
    """

    def __init__(self, size: int):
        self.size = size


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
