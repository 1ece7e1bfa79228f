"""Labelled images for training to the end: in memory, or streamed as they are needed.

Whatever the images come from, the batches of an epoch are a function of the seed and
the number of the epoch.
"""

import functools
import os
from pathlib import Path

import numpy as np
import tensorflow as tf

from darts_tf.checksum import checksum
from darts_tf.data.images import image_dataset, image_folder, tfds_images
from darts_tf.data.images.damage import find_damaged
from darts_tf.data.images.decoding import DataError, decode, fit
from darts_tf.data.images.image_sources import FileSource, MemorySource
from darts_tf.data.images.tfds_records import RecordSource
from darts_tf.distribution.worker_share import examples_of_worker, share_of_batch
from darts_tf.errors import invalid_value

# Those of validation come first, because not all test images have labels.
_TEST_NAMES = ("validation", "valid", "val", "test")
# Share and seed of the training images, where a set has no others.
_TRAIN_PERCENT, _SPLIT_SEED = 80, 0
_SAMPLE, _SAMPLE_SEED = 1000, (0, 0)
_ORDER, _CHANGES = 0, 1


class ImageStream:
    """Labelled images, as batches for training and for evaluation.

    Args:
        name: What the user called them.
        source: Where they come from, see `image_sources`.
        image_shape: Height, width and channels to which they are brought.
        damaged: Array of int64, the positions of images that are left out.

    Attributes:
        name, image_shape: As given.
        class_names: Name of each label.
        num_examples: Number of images.
        mean, std: Of each channel, of values in [0, 1]: the published ones where
            there are any, else those of at most 1000 images; computed when asked for.
    """

    def __init__(self, name, source, image_shape, damaged=()):
        self.name, self.image_shape = name, tuple(image_shape)
        self.class_names = source.class_names
        self.num_examples = source.count - len(damaged)
        self._source, self._damaged = source, np.int64(damaged)

    @property
    def mean(self):
        return self._statistics[0]

    @property
    def std(self):
        return self._statistics[1]

    def training_batches(
        self,
        batch_size,
        augmentation,
        seed,
        first_epoch,
        epochs,
        input_context=None,
    ):
        """Batches in a new random order in each epoch.

        An epoch leaves out what does not fill a batch.

        Args:
            batch_size: Images of a batch.
            augmentation: `Augmentation` or `LargeImageAugmentation`.
            seed: Integer.
            first_epoch, epochs: The epochs, counted from 0, for which there are
                batches; the last one is left out.
            input_context: `tf.distribute.InputContext`, where there are several
                machines; an element is then the share of one replica.

        Returns:
            `tf.data.Dataset` of `(images, labels)`, images float32 of shape `(batch,
            height, width, channels)`, labels int32; `num_examples // batch_size`
            batches of each epoch.

        Raises:
            DataError: If there are fewer images than a batch.
        """
        if self.num_examples < batch_size:
            raise DataError(
                f"`dataset`={self.name} has {self.num_examples} images to train, fewer "
                f"than `batch_size`={batch_size}."
            )
        images_per_epoch = self.num_examples // batch_size * batch_size

        def epoch_handles(epoch):
            order_seed = tf.random.fold_in((seed, _ORDER), epoch)
            start = epoch * images_per_epoch
            numbers = tf.data.Dataset.range(start, start + images_per_epoch)
            return tf.data.Dataset.zip(numbers, self._shuffled(order_seed))

        def example(number, handle):
            picture, label = self._source.read(*handle)
            key = tf.random.fold_in((seed, _CHANGES), number)
            return augmentation.training_image(picture, key, self.image_shape), label

        handles = tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch_handles)
        return (
            examples_of_worker(handles, batch_size, input_context)
            .map(example, tf.data.AUTOTUNE, deterministic=True)
            .batch(share_of_batch(batch_size, input_context), drop_remainder=True)
            .prefetch(tf.data.AUTOTUNE)
        )

    def evaluation_batches(self, batch_size, augmentation, input_context=None):
        """All images in order, without random changes; the last batch may be short.

        Args:
            batch_size: Images of a batch.
            augmentation: That of the training images, for what is not random in it.
            input_context: See `training_batches`.

        Returns:
            `tf.data.Dataset` of `(images, labels)`, as for training.
        """

        def example(*handle):
            picture, label = self._source.read(*handle)
            return augmentation.evaluation_image(picture, self.image_shape), label

        handles = self._without_damaged(self._source.in_order())
        batches = (
            examples_of_worker(handles, batch_size, input_context)
            .map(example, tf.data.AUTOTUNE, deterministic=True)
            .batch(share_of_batch(batch_size, input_context))
        )
        if input_context is None:
            # Keras warns where a set of unknown length ends.
            count = -(-self.num_examples // batch_size)
            batches = batches.apply(tf.data.experimental.assert_cardinality(count))
        return batches.prefetch(tf.data.AUTOTUNE)

    @functools.cached_property
    def _statistics(self):
        published = image_dataset.CHANNEL_STATISTICS.get(self.name)
        return published or image_dataset.channel_statistics(self._sample())

    def checksum(self):
        """A number that differs from that of other images.

        It differs where an image is added, removed or renamed, or has another size or
        label; of images that are not in memory the pixels of at most 1000 count.
        """
        contents = [self._damaged, *self._source.contents()]
        if not isinstance(self._source, MemorySource):
            handles = self._shuffled(_SAMPLE_SEED).take(_SAMPLE)
            pictures = handles.map(lambda *handle: self._source.read(*handle)[0])
            contents += pictures.as_numpy_iterator()
        return checksum(contents)

    def _sample(self):
        """An `ImageDataset` of some images."""

        def example(*handle):
            picture, label = self._source.read(*handle)
            if picture.dtype == tf.string:
                channels = self.image_shape[-1]
                picture = fit(decode(picture, channels), self.image_shape[0])
            return tf.ensure_shape(picture, self.image_shape), label

        handles = self._shuffled(_SAMPLE_SEED).take(_SAMPLE)
        dataset = handles.map(example, tf.data.AUTOTUNE).batch(_SAMPLE)
        pictures, labels = dataset.get_single_element()
        return image_dataset.ImageDataset(
            self.name, pictures.numpy(), labels.numpy(), self.class_names
        )

    def _shuffled(self, seed):
        return self._without_damaged(self._source.shuffled(seed))

    def _without_damaged(self, handles):
        if not len(self._damaged):
            return handles
        return handles.filter(
            lambda position, *_: tf.reduce_all(position != self._damaged)
        )


def open_images(
    dataset, data_dir=None, split="train", image_size=None, skip_damaged=False
):
    """Opens the images of a set that train, or those that measure the training.

    Images that all have the same size are held in memory: "digits", TFDS sets of one
    size, and folders without `image_size`. Others are decoded when they are needed;
    opening them reads each of them once, to find those that are damaged.

    "test" stands for the validation images of a set if it has some, else for its test
    images, else for a fifth of the others, always the same, which do not train then.

    Args:
        dataset: "digits", the name of a TFDS image classification set, or a folder
            with one folder of images for each class, or with such folders in its
            folders `train` and `validation` (or `valid`, `val`, `test`).
        data_dir: Folder of TFDS data, or `None` for TFDS' own, see `load_images`.
        split: "train" or "test".
        image_size: Height and width to which images are brought, in pixels, or `None`
            for their own, if they all have the same.
        skip_damaged: Whether images that cannot be read are left out, instead of an
            error.

    Returns:
        `ImageStream`.

    Raises:
        DataError: If the images cannot be had, or some of them are damaged.
    """
    if split not in ("train", "test"):
        raise invalid_value("split", "'train' or 'test'", split)
    if dataset == "digits":
        digits = image_dataset.load_images(dataset, image_size=image_size)
        return _in_memory(digits.take(_part(len(digits.images), split)))
    if image_dataset.is_folder(dataset, data_dir):
        return _open_folder(dataset, split, image_size, skip_damaged)
    return _open_tfds(dataset, data_dir, split, image_size, skip_damaged)


def _in_memory(dataset):
    return ImageStream(dataset.name, MemorySource(dataset), dataset.images.shape[1:])


def _part(count, split):
    """Positions of the training images or of the others."""
    parts = image_dataset.split_positions(count, _TRAIN_PERCENT / 100, _SPLIT_SEED)
    return parts[0 if split == "train" else 1]


def _open_folder(dataset, split, image_size, skip_damaged):
    files = _list_split(Path(os.path.expanduser(dataset)), split)
    source = FileSource(files)
    damaged = find_damaged(dataset, source, 3, skip_damaged)
    if image_size:
        return ImageStream(dataset, source, (image_size, image_size, 3), damaged)
    files = files.take(np.setdiff1d(np.arange(source.count), damaged))
    pictures = image_folder.read_files(files, image_size)
    return _in_memory(
        image_dataset.ImageDataset(dataset, pictures, files.labels, files.class_names)
    )


def _list_split(folder, split):
    """Returns the `ImageFiles` of a split."""
    train = folder / "train"
    # A class may be called train.
    if not (train.is_dir() and any(path.is_dir() for path in train.iterdir())):
        files = image_folder.list_image_folder(folder)
        return files.take(_part(len(files.paths), split))
    others = [folder / name for name in _TEST_NAMES if (folder / name).is_dir()]
    if not others:
        raise DataError(
            f"`dataset`={folder} has a folder train, but none called "
            f"{', '.join(_TEST_NAMES)}; add one of them."
        )
    files = image_folder.list_image_folder(train)
    if split == "train":
        return files
    return image_folder.list_validation_folder(others[0], files.class_names)


def _open_tfds(name, data_dir, split, image_size, skip_damaged):
    builder, keys = tfds_images.open_builder(name, data_dir)
    shape = tfds_images.output_shape(name, builder, keys, image_size)
    tfds_images.prepare(name, builder)
    split = _tfds_split(name, builder.info.splits, split)
    if None not in builder.info.features[keys[0]].shape:
        contents = tfds_images.read_split(name, builder, keys, split, shape)
        return _in_memory(image_dataset.ImageDataset(name, *contents))
    source = RecordSource(name, builder, keys, split)
    damaged = find_damaged(name, source, shape[-1], skip_damaged)
    return ImageStream(name, source, shape, damaged)


def _tfds_split(name, splits, split):
    """Returns what TFDS calls the split."""
    if "train" not in splits:
        raise tfds_images.no_split(name, "train", splits)
    others = [name for name in _TEST_NAMES if name in splits]
    if others:
        return "train" if split == "train" else others[0]
    cut = f"{_TRAIN_PERCENT}%"
    return f"train[:{cut}]" if split == "train" else f"train[{cut}:]"
