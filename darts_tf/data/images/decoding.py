"""Decoding of images of any size, to images of one size and to arrays of them."""

import re
from collections.abc import Callable, Sequence

import keras
import numpy as np
import psutil
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.limits import MAX_PIXELS

# The formats for errors; animated WebP and BMP of one bit a pixel are not decoded.
READABLE = f"BMP, GIF, JPEG, PNG or WebP of at most {MAX_PIXELS:,} pixels"
# TensorFlow's errors that tell of a damaged or missing file, or of missing records.
DAMAGE = (
    tf.errors.DataLossError,
    tf.errors.FailedPreconditionError,
    tf.errors.InvalidArgumentError,
    tf.errors.NotFoundError,
)
# How often the images must fit into memory, measured: as a tensor beside the array that
# was read or beside the halves of a search, and twice more for what reads and batches
# them.
_COPIES = 4


class DataError(UserError):
    """A dataset is missing, damaged or of no use; the message is one line."""


class DamagedImageError(DataError):
    """A file cannot be read as an image; others may be damaged, too."""


def check_is_damage(error: Exception, name: str) -> None:
    """Raises a `DataError` if an error of TensorFlow does not tell of a damaged file.

    Whether memory suffices depends on what else there is in it: images that it did not
    suffice for must not count as damaged.

    Args:
        error: `tf.errors.OpError`, of reading or decoding a file.
        name: What was to be read.
    """
    if isinstance(error, tf.errors.ResourceExhaustedError):
        raise DataError(
            f"There is not enough memory to decode the images of {name}; end other "
            "programs, or make large images smaller."
        ) from error
    if not isinstance(error, DAMAGE):
        # The names of TensorFlow's nodes are left out of the message.
        reason = re.sub(r"{{.*?}}|\[(\[|Op:).*", "", error.message, flags=re.DOTALL)
        raise DataError(f"{name} cannot be read: {reason.strip()}.") from error


def decode(picture: tf.Tensor, channels: int) -> tf.Tensor:
    """Decodes a BMP, GIF, JPEG, PNG or WebP image; of several frames the first.

    Args:
        picture: Encoded image, scalar string tensor, or an image, which is returned.
        channels: 1, 3 or 4.

    Returns:
        uint8 tensor of shape `(height, width, channels)`.
    """
    if picture.dtype != tf.string:
        return picture
    image = tf.io.decode_image(picture, channels, expand_animations=False)
    return tf.ensure_shape(image, (None, None, channels))


def decode_window(picture: tf.Tensor, channels: int, choose: Callable) -> tf.Tensor:
    """Decodes a part of an image; of a JPEG image nothing but that part.

    Args:
        picture, channels: As in `decode`.
        choose: Function of height and width, int32 scalars, that returns the part:
            int32 tensor of its top, left, height and width.

    Returns:
        uint8 tensor of shape `(height of the part, width of the part, channels)`.
    """

    def of_jpeg():
        shape = tf.io.extract_jpeg_shape(picture)
        return tf.io.decode_and_crop_jpeg(
            picture, choose(shape[0], shape[1]), channels=channels
        )

    def of_any():
        image = decode(picture, channels)
        top, left, height, width = tf.unstack(choose(*tf.unstack(tf.shape(image)[:2])))
        return image[top : top + height, left : left + width]

    if picture.dtype != tf.string:
        return of_any()
    part = tf.cond(tf.io.is_jpeg(picture), of_jpeg, of_any)
    return tf.ensure_shape(part, (None, None, channels))


def decode_coarsely(picture: tf.Tensor, channels: int) -> tf.Tensor:
    """Decodes as much as shows whether an image is damaged.

    A JPEG image is brought to an eighth of its size while it is decoded, which reads
    all of it and computes little. An image of too many pixels is not decoded.
    """
    picture = of_bounded_size(picture)
    return tf.cond(
        tf.io.is_jpeg(picture),
        lambda: tf.io.decode_jpeg(picture, channels, ratio=8),
        lambda: decode(picture, channels),
    )


def of_bounded_size(picture: tf.Tensor) -> tf.Tensor:
    """Returns an encoded image, or fails as for a damaged one if it is too large.

    A small file may hold many equal pixels. Not those of the other formats: BMP is not
    compressed, and WebP has at most 16383 x 16383.

    Args:
        picture: Encoded image, scalar string tensor.
    """

    def of_png():
        sides = tf.strings.substr(picture, 16, 8)
        return tf.io.decode_raw(sides, tf.int32, little_endian=False)

    def of_gif():
        sides = tf.io.decode_raw(tf.strings.substr(picture, 6, 4), tf.uint16)
        return tf.cast(sides, tf.int32)

    start = tf.strings.substr(picture, 0, 4)
    sides = tf.case(
        [
            (start == b"\x89PNG", of_png),
            (start == b"GIF8", of_gif),
            (tf.io.is_jpeg(picture), lambda: tf.io.extract_jpeg_shape(picture)[:2]),
        ],
        default=lambda: tf.constant([1, 1]),
    )
    pixels = tf.reduce_prod(tf.cast(sides, tf.int64))
    check = tf.debugging.assert_less_equal(pixels, tf.constant(MAX_PIXELS, tf.int64))
    with tf.control_dependencies([check]):
        return tf.identity(picture)


def fit(images: tf.Tensor, size: int) -> tf.Tensor:
    """Crops images around the centre to squares, and scales those.

    Args:
        images: uint8 tensor of shape `(..., height, width, channels)`.
        size: The new height and width in pixels.

    Returns:
        uint8 tensor of shape `(..., size, size, channels)`.
    """
    squares = keras.ops.image.resize(
        tf.cast(images, tf.float32),
        (size, size),
        antialias=True,
        crop_to_aspect_ratio=True,
        data_format="channels_last",
    )
    return tf.saturate_cast(tf.round(squares), tf.uint8)


def allocate(name: str, count: int, shape: Sequence[int]) -> np.ndarray:
    """Makes room for `count` images of `shape`.

    Raises:
        DataError: If there is less free memory than a search will need.
    """
    needed = _COPIES * count * int(np.prod(shape, dtype=np.int64))
    available = psutil.virtual_memory().available
    if needed > available:
        raise DataError(
            f"`dataset`={name} needs {needed / 1e9:.1f} GB of memory for {count} "
            f"images of shape {tuple(shape)}, {available / 1e9:.1f} GB are free; give "
            "a smaller `image_size`."
        )
    return np.zeros((count, *shape), np.uint8)
