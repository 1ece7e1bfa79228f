"""Images: loading, splitting, augmentation, batches. Texts: loading, streams."""

from darts_tf.data.augmentation import Augmentation as Augmentation
from darts_tf.data.batches import evaluation_batches as evaluation_batches
from darts_tf.data.batches import search_batches as search_batches
from darts_tf.data.corpora import open_corpus as open_corpus
from darts_tf.data.decoding import DataError as DataError
from darts_tf.data.images import ImageDataset as ImageDataset
from darts_tf.data.images import channel_statistics as channel_statistics
from darts_tf.data.images import load_images as load_images
from darts_tf.data.images import split_images as split_images
from darts_tf.data.text import Corpus as Corpus
from darts_tf.data.text import Vocabulary as Vocabulary
from darts_tf.data.text import batchify as batchify
from darts_tf.data.text import load_corpus as load_corpus
