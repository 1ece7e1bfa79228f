"""Images: opening, splitting, augmentation, batches. Texts: loading, streams."""

from darts_tf.data.images.augmentation import Augmentation as Augmentation
from darts_tf.data.images.batches import search_batches as search_batches
from darts_tf.data.images.decoding import DataError as DataError
from darts_tf.data.images.image_dataset import ImageDataset as ImageDataset
from darts_tf.data.images.image_dataset import channel_statistics as channel_statistics
from darts_tf.data.images.image_sources import FileSource as FileSource
from darts_tf.data.images.image_sources import MemorySource as MemorySource
from darts_tf.data.images.image_streams import ImageStream as ImageStream
from darts_tf.data.images.opening import open_images as open_images
from darts_tf.data.images.tfds_records import RecordSource as RecordSource
from darts_tf.data.text.corpus import Corpus as Corpus
from darts_tf.data.text.corpus import Vocabulary as Vocabulary
from darts_tf.data.text.corpus import batchify as batchify
from darts_tf.data.text.corpus import load_corpus as load_corpus
from darts_tf.data.text.text_sources import open_corpus as open_corpus
