"""Where labelled images come from: memory, or image files.

A source has `class_names`, `count` and three methods. `in_order()` and
`shuffled(seed)` give a `tf.data.Dataset` of handles, tuples whose first entry is the
position of the image; the order is a function of the seed alone, a tensor of two
integers. `read(*handle)` gives the picture, an image or an encoded one as in
`decoding.decode`, and its label. `describe(position)` names an image.
`tfds_records` has a third source.
"""

import tensorflow as tf


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

    def __init__(self, dataset):
        super().__init__(dataset.class_names, len(dataset.images))
        self.images = tf.constant(dataset.images)
        self.labels = tf.constant(dataset.labels)

    def read(self, index):
        return self.images[index], self.labels[index]

    def describe(self, position):
        return f"image {position}"


class FileSource(_IndexedSource):
    """Image files, read anew for each use.

    Args:
        files: `ImageFiles`.
    """

    def __init__(self, files):
        super().__init__(files.class_names, len(files.paths))
        self.files = files
        self.paths = tf.constant(files.paths)
        self.labels = tf.constant(files.labels)

    def read(self, index):
        return tf.io.read_file(self.paths[index]), self.labels[index]

    def describe(self, position):
        return self.files.paths[position]
