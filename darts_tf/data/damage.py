"""Finds damaged images and labels before the work begins."""

import numpy as np
import tensorflow as tf
from absl import logging

from darts_tf.data.decoding import DataError, decode_coarsely


def find_damaged(name, source, channels, skip_damaged):
    """Reads all encoded images of a source once.

    Args:
        name: What errors name as `--dataset`.
        source: See `image_sources`, but none in memory.
        channels: Of the images.
        skip_damaged: Whether damaged images are only reported.

    Returns:
        int64 array of the positions of the damaged images.

    Raises:
        DataError: If there are some that must not be skipped, if no image is left,
            if a label is out of range, or if the files of records are damaged.
    """
    good = _read_all(source, channels)
    damaged = np.setdiff1d(np.arange(source.count), [index for index, _ in good])
    _check_labels(name, source, good)
    if not len(damaged):
        return damaged
    found = (
        f"--dataset={name}: {len(damaged)} of {source.count} images cannot be read, "
        f"the first is {source.describe(damaged[0])}"
    )
    if not good:
        raise DataError(f"{found}; none is left.")
    if not skip_damaged:
        raise DataError(f"{found}; repair or remove them, or give --skip_damaged.")
    logging.warning("%s; they are skipped.", found)
    return damaged


def _read_all(source, channels):
    """Returns positions and labels of the images that can be read."""

    def read(*handle):
        picture, label = source.read(*handle)
        # The size, because what gives nothing is not computed.
        return handle[0], label, tf.size(decode_coarsely(picture, channels))

    handles = source.in_order()
    dataset = handles.map(read, tf.data.AUTOTUNE, deterministic=True)
    dataset = dataset.prefetch(tf.data.AUTOTUNE)
    try:
        good = [(index, label) for index, label, _ in dataset.as_numpy_iterator()]
    except tf.errors.OpError:
        # Of images or of the records that hold them? The second cannot be skipped.
        count = _count(source, handles)
        good = dataset.ignore_errors()
        good = [(index, label) for index, label, _ in good.as_numpy_iterator()]
    else:
        count = len(good)
    if count != source.count:
        raise source.damage()
    return good


def _count(source, handles):
    try:
        return handles.reduce(0, lambda count, *_: count + 1).numpy()
    except tf.errors.OpError as error:
        raise source.damage() from error


def _check_labels(name, source, good):
    num_classes = len(source.class_names)
    for index, label in good:
        if not 0 <= label < num_classes:
            raise DataError(
                f"--dataset={name}: {source.describe(index)} has the label {label}; "
                f"0 to {num_classes - 1} are expected."
            )
