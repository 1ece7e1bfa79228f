"""The training images of a search on images, in two halves."""

import itertools
from typing import Any

from darts_tf.checksum import checksum
from darts_tf.data.images.batches import check_batch_size
from darts_tf.experiments.image_data import ImageData, open_split
from darts_tf.experiments.image_settings import ImageSettings

# 87,000 images of 64x64 pixels. More are decoded whenever they are needed, which takes
# less memory and more time.
HELD_BYTES = 2**30


class HalvedImageData(ImageData):
    """Both halves of the training images, which follow from the seed.

    `train` trains w; `valid` trains alpha, or scores what has been trained.

    Args:
        config: Settings that are `SearchedCellsSettings` and `CostSettings`, too.
        crop_padding: See `small_image_augmentation`.

    Raises:
        UserError: If the images cannot be had, or a half does not fill a batch.
    """

    def __init__(self, config: ImageSettings, crop_padding: int | None = None):
        images = open_split(config, "whole", HELD_BYTES)
        self.train, valid = images.split(config.train_portion, config.seed)
        check_batch_size(self.train, valid, config.batch_size)
        super().__init__(config, valid, *images.channel_statistics())
        self.augmentation = self.small_image_augmentation(crop_padding)

    def fingerprint(self) -> dict[str, Any]:
        """What tells these data, and what the cost is looked up in, from others."""
        halves = itertools.chain(self.train.contents(), self.valid.contents())
        images = {"checksum of the images": checksum(halves)}
        return self.contents() | images | self.config.latency_fingerprint()
