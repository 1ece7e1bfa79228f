"""The identity as NASNet and its successors have it."""

from darts_tf.autodiff import dual_operations
from darts_tf.convolutional.operations import elementwise, pointwise
from darts_tf.convolutional.packing import Kernel
from darts_tf.convolutional.primitives.darts_primitives import SkipConnect
from darts_tf.convolutional.primitives.registry import register_primitive


class Identity(SkipConnect):
    """Identity; at stride 2 or to other channels ReLU, 1x1 convolution, normalization.

    NASNet, AmoebaNet, PNAS and NAO halve with this single path (arXiv 1707.07012),
    where the skip connection of DARTS has the two of a factorized reduction.
    """

    def views(self, stride: int) -> tuple[str, ...]:
        return ("input",) if stride == 1 else ("relu_even",)

    def kernels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[Kernel, ...]:
        inputs = inputs or channels
        if stride == 1 and inputs == channels:
            return ()
        return (Kernel("projection", (inputs, channels), inputs),)

    def normalized_channels(
        self, channels: int, stride: int, inputs: int | None = None
    ) -> tuple[int, ...]:
        return (channels,) if self.kernels(channels, stride, inputs) else ()

    def __call__(self, views, kernels, normalize, stride, scale):
        if "projection" not in kernels:
            return dual_operations.scaled(views["input"], scale)
        (name,) = self.views(stride)
        x = elementwise.relu(views[name]) if stride == 1 else views[name]
        return normalize(pointwise.pointwise(x, kernels["projection"]), scale)


register_primitive("identity", Identity())
