"""Sources of labelled images: memory, and image files.

A source has `class_names`, `count` and four methods. `in_order()` and
`shuffled(seed)` give a `tf.data.Dataset` of handles, tuples whose first entry is the
position of the image; the order is a function of the seed alone, a tensor of two
integers. `read(*handle)` gives the picture, an image or an encoded one as in
`decoding.decode`, and its label. `describe(position)` names an image. `contents()`
gives arrays and bytes that differ where other images are in the source, as far as that
is known without reading files; no path to a folder is in them. A source with random
access has a fifth one: `take(positions)` gives a source of these images alone, and its
order is drawn for them alone. `tfds_records` has a third source, without it.
"""

import copy
import os

import numpy as np
import tensorflow as tf

from darts_tf.data.images.image_dataset import ImageDataset
from darts_tf.data.images.image_folder import ImageFiles
from darts_tf.data.whole_data import on_cpu


class _IndexedSource:
    """A source with random access: the positions are shuffled as a whole."""

    def __init__(self, class_names, count):
        self.class_names, self.count = class_names, count

    def in_order(self):
        return tf.data.Dataset.range(self.count).map(lambda index: (index,))

    def shuffled(self, seed):
        order = tf.random.experimental.stateless_shuffle(
            tf.range(self.count, dtype=tf.int64), seed
        )
        return tf.data.Dataset.from_tensor_slices((order,))


class MemorySource(_IndexedSource):
    """Images in memory.

    Args:
        dataset: `ImageDataset`.
    """

    def __init__(self, dataset: ImageDataset):
        super().__init__(dataset.class_names, len(dataset.images))
        self.images, self.labels = on_cpu(dataset.images, dataset.labels)

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return self.images[index], self.labels[index]

    def describe(self, position: int) -> str:
        return f"image {position}"

    def take(self, positions: np.ndarray) -> "MemorySource":
        part = copy.copy(self)
        part.count = len(positions)
        # The images go from tensor to tensor, because an array between would be one
        # copy more.
        with tf.device("CPU"):
            part.images = tf.gather(self.images, positions)
            part.labels = tf.gather(self.labels, positions)
        return part

    def contents(self) -> list:
        return [np.asarray(self.images), np.asarray(self.labels)]


class FileSource(_IndexedSource):
    """Image files, read anew for each use.

    Args:
        files: `ImageFiles`.
    """

    def __init__(self, files: ImageFiles):
        super().__init__(files.class_names, len(files.paths))
        self.files = files
        # Paths are bytes, since the name of a file may be no text.
        paths = [os.fsencode(path) for path in files.paths]
        self.paths, self.labels = on_cpu(paths, files.labels)

    def read(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.io.read_file(self.paths[index]), self.labels[index]

    def describe(self, position: int) -> str:
        return self.files.paths[position]

    def take(self, positions: np.ndarray) -> "FileSource":
        return FileSource(self.files.take(positions))

    def contents(self) -> list:
        files = self.files
        names = ["/".join(path.split(os.sep)[-2:]) for path in files.paths]
        return [os.fsencode("\0".join(names)), files.sizes, files.labels]
