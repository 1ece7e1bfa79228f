"""Convolutions over all channels, with symmetric padding."""

import tensorflow as tf

from darts_tf.autodiff.dual import Dual, bilinear


@bilinear
def conv2d(
    x: tf.Tensor | Dual,
    kernel: tf.Tensor | Dual,
    stride: int = 1,
    *,
    constant: bool = False,
) -> tf.Tensor | Dual:
    """Convolution with (size - 1) // 2 pixels of zeros on every side.

    At stride 2 the padding of Keras is not symmetric.

    Args:
        x: Tensor of shape `(batch, height, width, in)`.
        kernel: Tensor of shape `(size, size, in, out)`.
        stride: Integer.
        constant: See `bilinear`; it changes nothing here.
    """
    around = [(kernel.shape[0] - 1) // 2] * 2
    x = tf.pad(x, [[0, 0], around, around, [0, 0]])
    return tf.nn.conv2d(x, kernel, stride, "VALID")


@bilinear
def unpadded_conv2d(
    x: tf.Tensor | Dual,
    kernel: tf.Tensor | Dual,
    stride: int = 1,
    *,
    constant: bool = False,
) -> tf.Tensor | Dual:
    """Convolution of the windows that lie inside the image, see `conv2d`."""
    return tf.nn.conv2d(x, kernel, stride, "VALID")


@bilinear
def windowed_conv2d(
    x: tf.Tensor | Dual,
    kernel: tf.Tensor | Dual,
    strides: tuple[int, int] = (1, 1),
    *,
    constant: bool = False,
) -> tf.Tensor | Dual:
    """Convolution with a window for each pixel, whatever the sides of the window.

    The padding is (size - 1) / 2 pixels of zeros on both sides; where the size is even,
    there is one more below or at the right, as TensorFlow's `SAME` has it.

    Args:
        x: Tensor of shape `(batch, height, width, in)`.
        kernel: Tensor of shape `(rows, columns, in, out)`.
        strides: That along the height and that along the width.
        constant: See `bilinear`; it changes nothing here.
    """
    rows, columns = ([(size - 1) // 2, size // 2] for size in kernel.shape[:2])
    x = tf.pad(x, [[0, 0], rows, columns, [0, 0]])
    return tf.nn.conv2d(x, kernel, strides, "VALID")
