"""Images: loading, splitting, augmentation, batches."""

from darts_tf.data.augmentation import Augmentation as Augmentation
from darts_tf.data.batches import evaluation_batches as evaluation_batches
from darts_tf.data.batches import search_batches as search_batches
from darts_tf.data.decoding import DataError as DataError
from darts_tf.data.images import ImageDataset as ImageDataset
from darts_tf.data.images import channel_statistics as channel_statistics
from darts_tf.data.images import load_images as load_images
from darts_tf.data.images import split_images as split_images
