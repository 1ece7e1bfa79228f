"""Labelled images as batches: from memory, or streamed as they are needed.

Whatever the images come from, the batch of a step is a function of the seed and the
number of the step: a run that was cut off continues with the same batches.
"""

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from darts_tf.checksum import checksum
from darts_tf.data.images import image_dataset
from darts_tf.data.images.decoding import DataError, decode, fit
from darts_tf.data.images.image_sources import MemorySource
from darts_tf.data.whole_data import on_cpu
from darts_tf.distribution.worker_share import examples_of_worker, share_of_batch

_SAMPLE, _SAMPLE_SEED = 1000, (0, 0)
_ORDER, _CHANGES = 0, 1


class ImageStream:
    """Labelled images, as batches for searches, trainings and evaluations.

    Args:
        name: What the user called them.
        source: Where they come from, see `image_sources`.
        image_shape: Height, width and channels to which they are brought.
        left_out: Array of int64, the positions in the source of images that do not
            belong to the stream, such as damaged ones.

    Attributes:
        name, image_shape: As given.
        class_names: Name of each label.
        num_examples: Number of images.
        in_memory: Whether the source holds the images in memory.
        mean, std: Of each channel, of at most 1000 images; computed when asked for,
            see `channel_statistics`.
    """

    def __init__(
        self,
        name: str,
        source: Any,
        image_shape: Sequence[int],
        left_out: Sequence[int] = (),
    ):
        self.name, self.image_shape = name, tuple(image_shape)
        self.class_names = source.class_names
        self.num_examples = source.count - len(left_out)
        self.in_memory = isinstance(source, MemorySource)
        self._source, self._left_out = source, np.int64(left_out)

    @property
    def mean(self) -> tuple[float, ...]:
        return self._statistics[0]

    @property
    def std(self) -> tuple[float, ...]:
        return self._statistics[1]

    def take(self, positions: np.ndarray) -> "ImageStream":
        """Returns a stream of the images at some positions among those of this one.

        Args:
            positions: Array of integers, in rising order.
        """
        own = np.setdiff1d(np.arange(self._source.count), self._left_out)
        positions = own[positions]
        if hasattr(self._source, "take"):
            source, left_out = self._source.take(positions), ()
        else:
            source = self._source
            left_out = np.setdiff1d(np.arange(source.count), positions)
        return ImageStream(self.name, source, self.image_shape, left_out)

    def split(
        self, train_portion: float, seed: int
    ) -> tuple["ImageStream", "ImageStream"]:
        """Splits the images at random, as the seed says, into two disjoint streams.

        Args:
            train_portion: Share of the first stream, between 0 and 1.
            seed: Integer.
        """
        parts = image_dataset.split_positions(self.num_examples, train_portion, seed)
        return self.take(parts[0]), self.take(parts[1])

    def training_batches(
        self,
        batch_size: int,
        augmentation: Any,
        seed: Any,
        first_step: int,
        last_step: int,
        input_context: tf.distribute.InputContext | None = None,
    ) -> tf.data.Dataset:
        """Batches in a new random order in each pass over the images.

        A pass leaves out what does not fill a batch.

        Args:
            batch_size: Images of a batch.
            augmentation: `Augmentation` or `LargeImageAugmentation`.
            seed: Integer; or a pair of seeds of two integers each, the first for the
                order of each pass, the second for the changes to each image.
            first_step, last_step: The steps of the whole run, counted from 0, for
                which there is a batch; the last one is left out.
            input_context: `tf.distribute.InputContext`, where there are several
                machines; an element is then the share of one replica.

        Returns:
            `tf.data.Dataset` of `(images, labels)`, images float32 of shape `(batch,
            height, width, channels)`, labels int32.

        Raises:
            DataError: If there are fewer images than a batch.
        """
        if self.num_examples < batch_size:
            raise DataError(
                f"`dataset`={self.name} has {self.num_examples} images to train, fewer "
                f"than `batch_size`={batch_size}."
            )
        order_seed, change_seed = (
            seed if isinstance(seed, tuple) else ((seed, _ORDER), (seed, _CHANGES))
        )
        steps_per_pass = self.num_examples // batch_size
        images_per_pass = steps_per_pass * batch_size

        def handles_of_pass(number):
            """Handles, and their positions in the whole run."""
            order = self._shuffled(tf.random.fold_in(order_seed, number))
            start = number * images_per_pass
            positions = tf.data.Dataset.range(start, start + images_per_pass)
            return tf.data.Dataset.zip(positions, order)

        def example(position, handle):
            picture, label = self._source.read(*handle)
            key = tf.random.fold_in(change_seed, position)
            return augmentation.training_image(picture, key, self.image_shape), label

        first_pass, skipped = divmod(first_step, steps_per_pass)
        handles = (
            tf.data.Dataset.range(first_pass, -(-last_step // steps_per_pass))
            .flat_map(handles_of_pass)
            .skip(skipped * batch_size)
            .take((last_step - first_step) * batch_size)
        )
        return (
            examples_of_worker(handles, batch_size, input_context)
            .map(example, tf.data.AUTOTUNE, deterministic=True)
            .batch(share_of_batch(batch_size, input_context), drop_remainder=True)
            .prefetch(tf.data.AUTOTUNE)
        )

    def evaluation_batches(
        self,
        batch_size: int,
        augmentation: Any,
        input_context: tf.distribute.InputContext | None = None,
    ) -> tf.data.Dataset:
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

        handles = self._without_left_out(self._source.in_order())
        batches = (
            examples_of_worker(handles, batch_size, input_context)
            .map(example, tf.data.AUTOTUNE, deterministic=True)
            .batch(share_of_batch(batch_size, input_context))
        )
        if input_context is None:
            # The length is asserted, because Keras warns where a set of unknown length
            # ends.
            count = -(-self.num_examples // batch_size)
            batches = batches.apply(tf.data.experimental.assert_cardinality(count))
        return batches.prefetch(tf.data.AUTOTUNE)

    def channel_statistics(
        self, most: int | None = None
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Mean and standard deviation of each channel, of values in [0, 1].

        The published ones where there are any, else those of the images.

        Args:
            most: Number of images that count, if there are more; default is all that
                are in memory, and 1000 that are not.

        Returns:
            Two tuples of floats.
        """
        published = image_dataset.CHANNEL_STATISTICS.get(self.name)
        if published:
            return published
        if most is None and self.in_memory:
            images, _ = self._source.contents()
        else:
            images = self._sample(most or _SAMPLE).images
        return image_dataset.channel_statistics(images)

    @functools.cached_property
    def _statistics(self):
        return self.channel_statistics(_SAMPLE)

    def checksum(self) -> int:
        """A number that differs from that of other images, see `contents`."""
        return checksum(itertools.chain([self._left_out], self.contents()))

    def contents(self) -> Iterator[np.ndarray | bytes]:
        """Yields arrays and bytes that differ from those of other images.

        They differ where an image is added, removed or renamed, or has another size or
        label; of images that are not in memory the pixels of at most 1000 count.
        """
        yield from self._source.contents()
        if not self.in_memory:
            handles = self._shuffled(_SAMPLE_SEED).take(_SAMPLE)
            pictures = handles.map(lambda *handle: self._source.read(*handle)[0])
            yield from pictures.as_numpy_iterator()

    def _sample(self, most):
        """An `ImageDataset` of some images."""

        def example(*handle):
            picture, label = self._source.read(*handle)
            if picture.dtype == tf.string:
                channels = self.image_shape[-1]
                picture = fit(decode(picture, channels), self.image_shape[0])
            return tf.ensure_shape(picture, self.image_shape), label

        handles = self._shuffled(_SAMPLE_SEED).take(most)
        dataset = handles.map(example, tf.data.AUTOTUNE).batch(most)
        pictures, labels = dataset.get_single_element()
        return image_dataset.ImageDataset(
            self.name, pictures.numpy(), labels.numpy(), self.class_names
        )

    def _shuffled(self, seed):
        return self._without_left_out(self._source.shuffled(seed))

    def _without_left_out(self, handles):
        if not len(self._left_out):
            return handles
        belongs = np.ones(self._source.count, bool)
        belongs[self._left_out] = False
        (belongs,) = on_cpu(belongs)
        return handles.filter(lambda position, *_: belongs[position])
