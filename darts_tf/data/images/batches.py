"""Pairs of batches for the steps of a search."""

import tensorflow as tf

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_streams import ImageStream

_TRAIN, _VALID = 0, 1


def check_batch_size(train: ImageStream, valid: ImageStream, batch_size: int) -> None:
    """Raises a `DataError` if one half has fewer images than a batch."""
    for role, half in (("train w", train), ("train alpha", valid)):
        if half.num_examples < batch_size:
            raise DataError(
                f"`dataset`={half.name} has {half.num_examples} images to {role}, "
                f"fewer than `batch_size`={batch_size}."
            )


def search_batches(
    train: ImageStream,
    valid: ImageStream,
    batch_size: int,
    augmentation: Augmentation,
    seed: int,
    first_step: int,
    last_step: int,
    input_context: tf.distribute.InputContext | None = None,
) -> tf.data.Dataset:
    """Pairs of batches, one of each half of the data.

    Step s of a search gets the same images, changed in the same way, whether the search
    came there from the start or was continued just before it. The shorter half begins
    its next pass when it is through.

    Args:
        train, valid: The halves, which train w and alpha.
        batch_size: Images of each half.
        augmentation: Changes to the images of both.
        seed: Integer.
        first_step, last_step, input_context: See `ImageStream.training_batches`.

    Returns:
        `tf.data.Dataset` of `((images, labels), (images, labels))`, images float32
        of shape `(batch, height, width, channels)`, labels int32.

    Raises:
        DataError: If one half has fewer images than a batch.
    """
    check_batch_size(train, valid, batch_size)
    halves = [
        half.training_batches(
            batch_size,
            augmentation,
            _seeds(seed, role),
            first_step,
            last_step,
            input_context,
        )
        for role, half in ((_TRAIN, train), (_VALID, valid))
    ]
    return tf.data.Dataset.zip(tuple(halves))


def _seeds(seed, role):
    """Seeds of the order and of the changes of one half."""
    # The seed lies where tf.data reads it, which is not on a GPU.
    with tf.device("CPU"):
        return (seed, role), tf.random.fold_in((seed, role), -1)
