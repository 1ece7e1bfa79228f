"""The images of a search, and how they become batches."""

import itertools
from typing import Any

import tensorflow as tf

from darts_tf.checksum import checksum
from darts_tf.data.images import batches
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.image_data import ImageData, open_split

# 87,000 images of 64x64 pixels. More are decoded whenever they are needed, which takes
# less memory and more time.
HELD_BYTES = 2**30


class SearchData(ImageData):
    """Both halves of the training images: `train` trains w, `valid` alpha.

    Args:
        config: `SearchConfig`.

    Raises:
        UserError: If the images cannot be had, or a half does not fill a batch.
    """

    def __init__(self, config: SearchConfig):
        images = open_split(config, "whole", HELD_BYTES)
        self.train, valid = images.split(config.train_portion, config.seed)
        batches.check_batch_size(self.train, valid, config.batch_size)
        super().__init__(config, valid, *images.channel_statistics())
        self.augmentation = self.small_image_augmentation(config.crop_padding)

    @property
    def validation_steps(self) -> int | None:
        return self.config.validation_steps or self.config.steps_per_epoch

    def training_batches(
        self, first_epoch: int, input_context: tf.distribute.InputContext | None = None
    ) -> tf.data.Dataset:
        """Pairs of batches from `first_epoch`, counted from 0, to the end."""
        return batches.search_batches(
            self.train,
            self.valid,
            self.config.batch_size,
            self.augmentation,
            self.config.seed,
            *self.steps_from(first_epoch),
            input_context,
        )

    def last_validation_batch(self, epoch: int) -> tuple[tf.Tensor, tf.Tensor]:
        """The batch that moves alpha in the last step of an epoch, counted from 0."""
        last_step, _ = self.steps_from(epoch + 1)
        pairs = batches.search_batches(
            self.train,
            self.valid,
            self.config.batch_size,
            self.augmentation,
            self.config.seed,
            last_step - 1,
            last_step,
        )
        ((_, batch),) = pairs.take(1)
        return batch

    def fingerprint(self) -> dict[str, Any]:
        """What tells these data, and what the cost is looked up in, from others."""
        halves = itertools.chain(self.train.contents(), self.valid.contents())
        images = {"checksum of the images": checksum(halves)}
        return self.contents() | images | self.config.latency_fingerprint()
