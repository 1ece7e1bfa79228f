"""The images of a trial, and how they become batches."""

import itertools
from typing import Any

import tensorflow as tf

from darts_tf.checksum import checksum
from darts_tf.data.images.batches import check_batch_size
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_search.data import HELD_BYTES
from darts_tf.experiments.image_data import ImageData, open_split


class BaselineData(ImageData):
    """Both halves of the training images, those of a search with the same seed.

    Args:
        config: `BaselineConfig`.

    Raises:
        UserError: If the images cannot be had, or a half does not fill a batch.
    """

    def __init__(self, config: BaselineConfig):
        images = open_split(config, "whole", HELD_BYTES)
        self.train, valid = images.split(config.train_portion, config.seed)
        check_batch_size(self.train, valid, config.batch_size)
        super().__init__(config, valid, *images.channel_statistics())
        self.augmentation = self.small_image_augmentation()

    def training_batches(self, seed: int) -> tf.data.Dataset:
        """Batches of a whole trial with a seed of its own."""
        return self.train.training_batches(
            self.config.batch_size, self.augmentation, seed, *self.steps_from(0)
        )

    def fingerprint(self) -> dict[str, Any]:
        """What tells these data, and what the cost is looked up in, from others."""
        halves = itertools.chain(self.train.contents(), self.valid.contents())
        images = {"checksum of the images": checksum(halves)}
        return self.contents() | images | self.config.latency_fingerprint()
