import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.images import batches
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.image_dataset import ImageDataset
from darts_tf.data.images.image_folder import ImageFiles
from darts_tf.data.images.image_sources import FileSource, MemorySource
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.data.text import text_batches

COUNT = 60
LABELS = np.arange(COUNT, dtype=np.int32) % 2
IMAGES = ImageDataset("x", np.ones((COUNT, 4, 4, 1), "uint8"), LABELS, ("a", "b"))
FILES = ImageFiles("x", ("a/b.png",) * COUNT, np.ones(COUNT), LABELS, ("a", "b"))
PLAIN = Augmentation(0, False, 0, (0.0,), (1.0,))
STREAMS = np.ones((COUNT, 40), np.int32)


def in_memory():
    return ImageStream("x", MemorySource(IMAGES), (4, 4, 1))


def without_first():
    return ImageStream("x", FileSource(FILES), (4, 4, 1), left_out=[0])


@pytest.mark.parametrize(
    "make",
    [
        lambda: batches.search_batches(in_memory(), in_memory(), 4, PLAIN, 0, 0, 1),
        lambda: in_memory().evaluation_batches(4, PLAIN),
        lambda: without_first().evaluation_batches(4, PLAIN),
        lambda: MemorySource(IMAGES),
        lambda: FileSource(FILES),
        lambda: text_batches.evaluation_batches(STREAMS, 5),
    ],
)
def test_whole_data_are_never_on_a_gpu(make):
    # A graph keeps the devices that are asked for, also where they do not exist.
    with tf.Graph().as_default() as graph, tf.device("GPU:0"):
        make()
    constants = [op for op in graph.get_operations() if op.type == "Const"]
    large = [op for op in constants if COUNT in op.outputs[0].shape[:1]]
    assert large and all("CPU" in op.device for op in large)
