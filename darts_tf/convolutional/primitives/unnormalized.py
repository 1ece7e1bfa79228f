"""Primitives without their normalizations."""

from darts_tf.autodiff.dual_operations import scaled
from darts_tf.convolutional.operations import elementwise
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.base import Primitive


class Unnormalized(Primitive):
    """What a primitive computes where nothing is normalized.

    So a search network has the pools that the derived one has, as in NAS-Bench-201.

    Args:
        primitive: The `Primitive`.
    """

    def __init__(self, primitive: Primitive):
        self.primitive = primitive
        self.takes_duals = primitive.takes_duals
        self.takes_groups = primitive.takes_groups
        self.draws = primitive.draws

    def views(self, stride: int) -> tuple[str, ...]:
        return self.primitive.views(stride)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        return self.primitive.kernels(channels, stride, inputs)

    def __call__(self, views, kernels, normalize, stride, scale):
        return self.primitive(views, kernels, _only_scaled, stride, scale)


def _only_scaled(x, scale=None, relu=False):
    y = scaled(x, scale)
    return elementwise.relu(y) if relu else y
