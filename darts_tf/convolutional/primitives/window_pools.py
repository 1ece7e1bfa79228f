"""Maximum and mean of windows of further sizes."""

import tensorflow as tf

from darts_tf.autodiff.dual import Dual
from darts_tf.convolutional.operations import pooling
from darts_tf.convolutional.operations.elementwise import Views
from darts_tf.convolutional.primitives.darts_primitives import Pool
from darts_tf.convolutional.primitives.registry import register_primitive


class WindowMaximum(Pool):
    """Maximum of windows.

    Args:
        size: Height and width of a window, 2, 5 or 7; see `pooling.max_pool`.
    """

    takes_groups = True

    def __init__(self, size: int):
        self.size = size

    def views(self, stride: int) -> tuple[str, ...]:
        return (f"max_pool_{self.size}x{self.size}",)

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        (name,) = self.views(stride)
        return views[name]


class WindowMean(Pool):
    """Mean of windows, over the pixels inside the image.

    Args:
        size: Height and width of a window, see `pooling.average_pool`.
    """

    takes_groups = True

    def __init__(self, size: int):
        self.size = size

    def pooled(self, views: Views, stride: int) -> tf.Tensor | Dual:
        return pooling.average_pool(views["input"], self.size, stride)


for _size in (2, 5, 7):
    register_primitive(f"max_pool_{_size}x{_size}", WindowMaximum(_size))
    register_primitive(f"avg_pool_{_size}x{_size}", WindowMean(_size))
