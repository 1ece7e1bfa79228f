"""From encoded images of any size to images of one size, and to arrays of them."""

import keras
import numpy as np
import psutil
import tensorflow as tf

from darts_tf.errors import UserError

# How often the images are in memory at once, measured: as loaded, as two halves, as
# tensors, and once more while tf.data sets out.
_COPIES = 4


class DataError(UserError):
    """A dataset is missing, damaged or of no use; the message is one line."""


def decode(picture, channels):
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


def decode_window(picture, channels, choose):
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


def decode_coarsely(picture, channels):
    """Decodes as much as shows whether an image is damaged.

    A JPEG image is brought to an eighth of its size while it is decoded, which reads
    all of it and computes little.
    """
    return tf.cond(
        tf.io.is_jpeg(picture),
        lambda: tf.io.decode_jpeg(picture, channels, ratio=8),
        lambda: decode(picture, channels),
    )


def fit(images, size):
    """Crops images around the centre to squares, and scales those.

    Args:
        images: uint8 tensor of shape `(..., height, width, channels)`.
        size: Integer, the new height and width in pixels.

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


def allocate(name, count, shape):
    """Makes room for `count` images of `shape`.

    Raises:
        DataError: If there is less free memory than a search will need.
    """
    needed = _COPIES * count * int(np.prod(shape, dtype=np.int64))
    available = psutil.virtual_memory().available
    if needed > available:
        raise DataError(
            f"--dataset={name} needs {needed / 1e9:.1f} GB of memory for {count} "
            f"images of shape {tuple(shape)}, {available / 1e9:.1f} GB are free; give "
            "a smaller --image_size."
        )
    return np.zeros((count, *shape), np.uint8)
