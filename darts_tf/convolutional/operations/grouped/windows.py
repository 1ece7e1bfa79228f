"""What the taps of windows see, by slices that XLA joins with what reads them."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf


class Windows:
    """Windows around every `stride`-th pixel of images.

    The padding is (size - 1) / 2 * dilation on both sides; where a size is even, there
    is one pixel more below or at the right, as TensorFlow's `SAME` has it.

    Args:
        shape: Height and width of the images.
        size: Rows and columns of a window.
        stride: Integer.
        dilation: Integer, the distance between two taps.

    Attributes:
        count: Number of taps.
    """

    def __init__(
        self,
        shape: Sequence[int],
        size: Sequence[int],
        stride: int = 1,
        dilation: int = 1,
    ):
        self._stride = stride
        self._rows, self._columns = (
            _Axis(*of_axis, stride, dilation) for of_axis in zip(shape, size)
        )
        self._taps = [
            ((row_phase, column_phase), (down, right))
            for row_phase, down in self._rows.taps
            for column_phase, right in self._columns.taps
        ]
        self.count = len(self._taps)

    def inside(self) -> np.ndarray:
        """Returns how many taps of each window lie inside the image."""
        return np.outer(self._rows.inside, self._columns.inside)

    def taps(self, x: tf.Tensor, fill: float = 0) -> list[tf.Tensor]:
        """Lists what each tap sees, by rows of the window.

        Args:
            x: Tensor of shape `(..., height, width)`.
            fill: The value outside of the image.

        Returns:
            List of tensors of shape `(..., ceil(height / stride), ceil(width /
            stride))`.
        """
        x = _padded(x, self._rows.around, self._columns.around, fill)
        phases = self._split(x)
        cut = _cut(x, self._rows.windows, self._columns.windows)
        return [cut(phases[phase], *shift) for phase, shift in self._taps]

    def spread(
        self, images: Sequence[tuple[tf.Tensor, float]], of_tap: Callable
    ) -> tf.Tensor:
        """Adds at each pixel what the windows give that see it; transposes `taps`.

        Args:
            images: List of pairs: a tensor with a value for each window, and the value
                where there is no window.
            of_tap: Function of the number of a tap and of a tensor for each of the
                images, that at those windows whose tap sees the pixel. It returns what
                they give, or `None` for nothing.

        Returns:
            Tensor of shape `(..., height, width)`.
        """
        rows, columns = self._rows, self._columns
        padded = [
            _padded(image, rows.around_windows, columns.around_windows, fill)
            for image, fill in images
        ]
        cut = _cut(images[0][0], rows.pixels, columns.pixels)
        given = {}
        for index, (phase, (down, right)) in enumerate(self._taps):
            top, left = rows.reach - down, columns.reach - right
            term = of_tap(index, *(cut(image, top, left) for image in padded))
            if term is not None:
                given.setdefault(phase, []).append(term)
        x = self._join({phase: tf.add_n(terms) for phase, terms in given.items()})
        return _cut(x, rows.side, columns.side)(x, rows.before, columns.before)

    def _split(self, x):
        """By the row and the column they begin with, every `stride`-th pixels."""
        # By reshaping, since XLA has failed on a GPU where slices with strides went
        # into a matrix product.
        stride = self._stride
        if stride == 1:
            return {(0, 0): x}
        sides = [self._rows.pixels, stride, self._columns.pixels, stride]
        x = tf.reshape(x, [*_leading(x), *sides])
        return {
            (row, column): x[..., row, :, column]
            for row in range(stride)
            for column in range(stride)
        }

    def _join(self, phases):
        """The inverse of `_split`; phases that lack are zeros."""
        stride = self._stride
        if stride == 1:
            return phases[0, 0]
        zeros = tf.zeros_like(phases[0, 0])
        rows = [
            tf.stack([phases.get((row, column), zeros) for column in range(stride)], -1)
            for row in range(stride)
        ]
        x = tf.stack(rows, -3)
        sides = [stride * self._rows.pixels, stride * self._columns.pixels]
        return tf.reshape(x, [*_leading(phases[0, 0]), *sides])


class _Axis:
    """Windows along one axis.

    Attributes:
        side: Number of pixels of the image.
        windows: Number of windows.
        before: Number of pixels of the padding before the image.
        pixels: Number of every `stride`-th pixels of the padded image.
        around: The padding, a pair.
        taps: List of pairs: the phase of what a tap sees, the pixel modulo the stride
            that it begins with, and the first of its windows there.
        reach: The largest of the latter.
        inside: Number of taps of each window that lie inside the image.
        around_windows: Padding around the windows by which all taps can be undone.
    """

    def __init__(self, side, size, stride, dilation):
        self.side, self.windows = side, -(-side // stride)
        extent = dilation * (size - 1)
        self.before = extent // 2
        length = max(stride * (self.windows - 1) + extent + 1, self.before + side)
        self.pixels = -(-length // stride)
        self.around = (self.before, stride * self.pixels - self.before - side)
        self.taps = [
            (dilation * i % stride, dilation * i // stride) for i in range(size)
        ]
        self.reach = extent // stride
        seen = np.arange(self.windows)[:, None] * stride + np.arange(size) * dilation
        seen -= self.before
        self.inside = np.sum((seen >= 0) & (seen < side), axis=1)
        self.around_windows = (self.reach, self.pixels - self.windows)


def _cut(like, height, width):
    """A function of an image, a row and a column that cuts out what begins there."""
    before = [0] * (like.shape.rank - 2)
    # One for all taps, and no strided slices: TensorFlow takes long to make a node.
    size = tf.constant([-1] * len(before) + [height, width])

    def cut(x, row, column):
        if (row, column) == (0, 0) and x.shape[-2:] == (height, width):
            return x
        return tf.slice(x, [*before, row, column], size)

    return cut


def _padded(x, rows, columns, fill):
    if not any([*rows, *columns]):
        return x
    paddings = [[0, 0]] * (x.shape.rank - 2) + [rows, columns]
    return tf.pad(x, paddings, constant_values=tf.cast(fill, x.dtype))


def _leading(x):
    """The shape without height and width, -1 for the batch where it is not known."""
    return [-1 if side is None else side for side in x.shape[:-2]]
