"""Finds damaged images and labels before the work begins."""

import contextlib
from typing import Any

import numpy as np
import tensorflow as tf
from absl import logging

from darts_tf.data.images.decoding import (
    DAMAGE,
    READABLE,
    DataError,
    check_is_damage,
    decode_coarsely,
)


def find_damaged(
    name: str, source: Any, channels: int, skip_damaged: bool
) -> np.ndarray:
    """Reads all encoded images of a source once.

    Args:
        name: What errors name as `dataset`.
        source: See `image_sources`, but none in memory.
        channels: Of the images.
        skip_damaged: Whether damaged images are only reported.

    Returns:
        int64 array of the positions of the damaged images.

    Raises:
        DataError: If there are some that must not be skipped, if no image is left,
            if a label is out of range, if the files of records are damaged, or if the
            memory does not suffice.
    """
    try:
        positions, labels = _read_all(source, channels)
    except tf.errors.OpError as error:
        check_is_damage(error, f"`dataset`={name}")
        raise source.damage() from error
    _check_labels(name, source, positions, labels)
    damaged = np.setdiff1d(np.arange(source.count), positions)
    if not len(damaged):
        return damaged
    found = (
        f"{len(damaged)} of {source.count} images cannot be read, the first is "
        f"{source.describe(damaged[0])}"
    )
    if not len(positions):
        raise DataError(f"`dataset`={name}: {found}; none is left.")
    if not skip_damaged:
        raise DataError(
            f"`dataset`={name}: {found}; repair or remove them, or give "
            f"`skip_damaged=True`. What is read: {READABLE}."
        )
    logging.warning("%s: %s; they are skipped.", name, found)
    return damaged


def _read_all(source, channels):
    """Returns positions and labels of the images that can be read."""

    def read(*handle):
        picture, label = source.read(*handle)
        # The size of the image is the result, because tf.data does not compute what
        # gives nothing.
        return handle[0], label, tf.size(decode_coarsely(picture, channels))

    handles = source.in_order()
    dataset = handles.map(read, tf.data.AUTOTUNE, deterministic=True)
    try:
        positions, labels = _read_at_once(dataset)
        count = len(positions)
    except DAMAGE:
        # Images that are damaged can be skipped, records that hold them cannot.
        count = handles.reduce(0, lambda count, *_: count + 1).numpy()
        positions, labels = _read_undamaged(dataset, count)
    if count != source.count:
        raise source.damage()
    return positions, labels


def _read_at_once(dataset):
    positions, labels = [np.int64([])], [np.int32([])]
    for part in dataset.batch(1024).prefetch(1).as_numpy_iterator():
        positions.append(part[0])
        labels.append(part[1])
    return np.concatenate(positions), np.concatenate(labels)


def _read_undamaged(dataset, count):
    """Leaves out those of `count` images that are damaged."""
    read, elements = [], dataset.as_numpy_iterator()
    for _ in range(count):
        # `Dataset.ignore_errors` would leave out what there was no memory for, too.
        with contextlib.suppress(*DAMAGE):
            read.append(next(elements)[:2])
    return np.int64([r[0] for r in read]), np.int32([r[1] for r in read])


def _check_labels(name, source, positions, labels):
    num_classes = len(source.class_names)
    wrong = np.flatnonzero((labels < 0) | (labels >= num_classes))
    if len(wrong):
        first = wrong[0]
        raise DataError(
            f"`dataset`={name}: {source.describe(positions[first])} has the label "
            f"{labels[first]}; 0 to {num_classes - 1} are expected."
        )
