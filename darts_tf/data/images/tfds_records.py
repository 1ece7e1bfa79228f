"""Encoded images from the records of TensorFlow Datasets (TFDS)."""

from typing import Any

import numpy as np
import tensorflow as tf

from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.tfds_images import damaged_records, num_examples

_FILES_AT_A_TIME = 16
# Encoded images of ImageNet take 110 kB each, and two blocks are in memory.
_BLOCK = 2048


class RecordSource:
    """A split of a TFDS set as a source, see `image_sources`.

    TFDS decodes whole images; here they stay encoded. For an order that is a function
    of a seed, 16 files in random order are read in turns, and blocks of 2048 images
    of those are shuffled. TFDS has stored them in a random order. `Dataset.shuffle`
    would also depend on the global seed.

    Args:
        name: What errors name as `dataset`.
        builder, keys: From `tfds_images.open_builder`, with its data.
        split: Name of the split, or a slice such as "train[:80%]".

    Raises:
        DataError: If the records are of another format than TFRecord.
    """

    def __init__(self, name: str, builder: Any, keys: tuple[str, str], split: str):
        import tensorflow_datasets as tfds

        self._name, self._builder, self._split = name, builder, split
        info = builder.info
        if info.file_format != tfds.core.FileFormat.TFRECORD:
            raise DataError(
                f"`dataset`={name} is stored as {info.file_format.value}; images of "
                "different sizes are read from tfrecord only."
            )
        self._keys = keys
        self._features = tfds.decode.PartialDecoding(
            dict.fromkeys(keys, True)
        ).extract_features(info.features)
        self._decoders = {keys[0]: tfds.decode.SkipDecoding()}
        self.class_names = tuple(info.features[keys[1]].names)
        self.count = num_examples(name, builder, split)
        self._files = info.splits[split].file_instructions
        takes = [file.take for file in self._files]
        self._starts = np.cumsum([0, *takes])

    def in_order(self) -> tf.data.Dataset:
        numbers = tf.data.Dataset.range(len(self._files))
        return numbers.flat_map(self._records)

    def shuffled(self, seed: Any) -> tf.data.Dataset:
        file_seed, block_seed = tf.unstack(tf.random.split(seed, 2))
        order = tf.random.experimental.stateless_shuffle(
            tf.range(len(self._files), dtype=tf.int64), file_seed
        )

        def shuffle(number, block):
            key = tf.random.fold_in(block_seed, number)
            places = tf.range(tf.shape(block[0])[0])
            places = tf.random.experimental.stateless_shuffle(places, key)
            return tf.data.Dataset.from_tensor_slices(places).map(
                lambda place: tuple(part[place] for part in block)
            )

        return (
            tf.data.Dataset.from_tensor_slices(order)
            .interleave(
                self._records,
                cycle_length=_FILES_AT_A_TIME,
                num_parallel_calls=tf.data.AUTOTUNE,
                deterministic=True,
            )
            .batch(_BLOCK)
            .prefetch(1)
            .enumerate()
            .flat_map(shuffle)
        )

    def read(self, position: int, record: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        example = self._features.deserialize_example(record, decoders=self._decoders)
        picture, label = (example[key] for key in self._keys)
        return picture, tf.cast(label, tf.int32)

    def describe(self, position: int) -> str:
        number = np.searchsorted(self._starts, position, side="right") - 1
        file = self._files[number]
        record = position - self._starts[number] + file.skip
        return f"record {record} of {file.filename}"

    def contents(self) -> list:
        names = "\0".join(file.basename() for file in self._files)
        parts = [
            (file.skip, file.take, tf.io.gfile.stat(str(file.filename)).length)
            for file in self._files
        ]
        return [names.encode(), np.int64(parts)]

    def damage(self) -> DataError:
        """Returns the error that names the damaged file."""
        return damaged_records(self._name, self._builder, self._split)

    def _records(self, number):
        """Positions and records of a file, as far as it belongs to the split."""
        path, skip, take, start = (
            tf.constant(values)[number]
            for values in (
                [str(file.filename) for file in self._files],
                np.int64([file.skip for file in self._files]),
                np.int64([file.take for file in self._files]),
                self._starts[:-1].astype(np.int64),
            )
        )
        records = tf.data.TFRecordDataset(path).skip(skip).take(take)
        return tf.data.Dataset.zip(tf.data.Dataset.range(start, start + take), records)
