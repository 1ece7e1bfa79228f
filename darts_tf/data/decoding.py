"""From image files of any size to one array that fits into memory."""

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
