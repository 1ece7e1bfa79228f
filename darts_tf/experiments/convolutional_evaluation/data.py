"""The images of a training, and how they become batches."""

from typing import Any

import tensorflow as tf

from darts_tf.data.images.image_dataset import CHANNEL_STATISTICS
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import (
    OTHER_HALF,
    ImageTrainingConfig,
)
from darts_tf.experiments.image_data import (
    TEST,
    TRAIN,
    ImageData,
    open_other_half,
    open_split,
)


class EvaluationData(ImageData):
    """The validation images.

    Args:
        config: `ImageTrainingConfig`.
        train: `ImageStream` of the training images, or `None` to open them if need be.
    """

    def __init__(self, config: ImageTrainingConfig, train: ImageStream | None = None):
        if config.evaluated == OTHER_HALF:
            valid = open_other_half(config)
        else:
            valid = open_split(config, TEST)
        # Opening many files takes long; published statistics do without.
        if train is None and valid.name not in CHANNEL_STATISTICS:
            train = open_split(config, TRAIN)
        measured = train or valid
        super().__init__(config, valid, measured.mean, measured.std)
        if config.stem == "imagenet":
            self.augmentation = LargeImageAugmentation(self.mean, self.std, self.flip)
        else:
            self.augmentation = self.small_image_augmentation()


class ImageTrainingData(EvaluationData):
    """The training images as well.

    Args:
        config: `ImageTrainingConfig`.

    Raises:
        UserError: If they do not fill a batch, or are not of the size of the others.
    """

    def __init__(self, config: ImageTrainingConfig):
        self.train = open_split(config, TRAIN)
        super().__init__(config, self.train)
        if self.train.num_examples < config.batch_size:
            raise UserError(
                f"`dataset`={config.dataset} has {self.train.num_examples} training "
                f"images, fewer than `batch_size`={config.batch_size}."
            )
        if self.train.image_shape != self.image_shape:
            raise UserError(
                f"`dataset`={config.dataset} has training images of shape "
                f"{self.train.image_shape} and others of shape {self.image_shape}; "
                "give `image_size`."
            )

    def training_batches(
        self, first_epoch: int, input_context: tf.distribute.InputContext | None = None
    ) -> tf.data.Dataset:
        """Batches from `first_epoch`, counted from 0, to the end of the training."""
        return self.train.training_batches(
            self.config.batch_size,
            self.augmentation,
            self.config.seed,
            *self.steps_from(first_epoch),
            input_context,
        )

    def fingerprint(self) -> dict[str, Any]:
        """What tells these data from others."""
        images = [self.train.checksum(), self.valid.checksum()]
        return self.contents() | {"checksums of images": images}
