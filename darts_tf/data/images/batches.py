"""Batches whose content is a pure function of the seed and the step.

Step s of a search gets the same images, changed in the same way, whether the search
came there from the start or was continued just before it.
"""

import tensorflow as tf

from darts_tf.data.images.augmentation import augment, standardize
from darts_tf.data.images.decoding import DataError
from darts_tf.data.whole_data import on_cpu
from darts_tf.distribution.worker_share import examples_of_worker, share_of_batch

_TRAIN, _VALID = 0, 1


def check_batch_size(train, valid, batch_size):
    """Raises a `DataError` if one half has fewer images than a batch."""
    for role, half in (("train w", train), ("train alpha", valid)):
        if len(half.images) < batch_size:
            raise DataError(
                f"`dataset`={half.name} has {len(half.images)} images to {role}, "
                f"fewer than `batch_size`={batch_size}."
            )


def search_batches(
    train,
    valid,
    batch_size,
    augmentation,
    seed,
    first_step,
    last_step,
    input_context=None,
):
    """Pairs of batches, one of each half of the data.

    Within a half, each pass takes the images in a new random order and leaves out
    what does not fill a batch.

    Args:
        train, valid: `ImageDataset`, which train w and alpha.
        batch_size: Images of each half.
        augmentation: `Augmentation`.
        seed: Integer.
        first_step, last_step: The steps of the whole search, counted from 0, for
            which there is an element; the last one is left out.
        input_context: `tf.distribute.InputContext`, where there are several machines;
            an element is then the share of one replica.

    Returns:
        `tf.data.Dataset` of `((images, labels), (images, labels))`, images float32
        of shape `(batch, height, width, channels)`, labels int32.

    Raises:
        DataError: If one half has fewer images than a batch.
    """
    check_batch_size(train, valid, batch_size)
    halves = [
        _half(
            images,
            batch_size,
            augmentation,
            (seed, role),
            first_step,
            last_step,
            input_context,
        )
        for role, images in ((_TRAIN, train), (_VALID, valid))
    ]
    return tf.data.Dataset.zip(tuple(halves)).prefetch(tf.data.AUTOTUNE)


def evaluation_batches(dataset, batch_size, mean, std, input_context=None):
    """All images in order, standardized; the last batch may be short.

    Args:
        dataset: `ImageDataset`.
        batch_size: Images of a batch.
        mean, std: Of each channel.
        input_context: See `search_batches`.

    Returns:
        `tf.data.Dataset` of `(images, labels)`.
    """
    tensors = tf.data.Dataset.from_tensor_slices(on_cpu(dataset.images, dataset.labels))
    return (
        examples_of_worker(tensors, batch_size, input_context)
        .batch(share_of_batch(batch_size, input_context))
        .map(lambda x, y: (standardize(x, mean, std), y), tf.data.AUTOTUNE)
        .prefetch(tf.data.AUTOTUNE)
    )


def _half(
    dataset, batch_size, augmentation, seed, first_step, last_step, input_context
):
    images, labels = on_cpu(dataset.images, dataset.labels)
    count = len(dataset.labels)
    steps_per_pass = count // batch_size

    def indices(number):
        """Positions in the search and in the data, of one pass."""
        key = tf.random.fold_in(seed, number)
        order = tf.random.experimental.stateless_shuffle(
            tf.range(count, dtype=tf.int64), key
        )
        images_per_pass = steps_per_pass * batch_size
        positions = number * images_per_pass + tf.range(images_per_pass, dtype=tf.int64)
        return tf.data.Dataset.from_tensor_slices((positions, order[:images_per_pass]))

    def example(position, index):
        key = tf.random.fold_in(tf.random.fold_in(seed, -1), position)
        image = tf.ensure_shape(images[index], dataset.images.shape[1:])
        return augment(image, key, augmentation), labels[index]

    first_pass = first_step // steps_per_pass
    passes = tf.data.Dataset.range(first_pass, last_step // steps_per_pass + 1)
    all_indices = (
        passes.flat_map(indices)
        .skip((first_step - first_pass * steps_per_pass) * batch_size)
        .take((last_step - first_step) * batch_size)
    )
    return (
        examples_of_worker(all_indices, batch_size, input_context)
        .map(example, tf.data.AUTOTUNE, deterministic=True)
        .batch(share_of_batch(batch_size, input_context), drop_remainder=True)
    )
