"""What the images of searches and of trainings have in common."""

from typing import Any

import tensorflow as tf

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.data.images.opening import open_images
from darts_tf.distribution.worker_share import shares_of_step
from darts_tf.experiments.image_settings import BOTH_HALVES, HALVES, ImageSettings

TRAIN, TEST = "train", "test"
_HALVES_SEED = 0


def open_split(config: ImageSettings, split: str, held_bytes: int = 0) -> ImageStream:
    """Opens the images of a configuration, of those that train the half that it names.

    Args:
        config: The settings.
        split, held_bytes: See `open_images`.
    """
    images = _open_whole(config, split, held_bytes)
    if split == TEST or config.half == BOTH_HALVES:
        return images
    return _halves(images)[HALVES.index(config.half)]


def open_other_half(config: ImageSettings) -> ImageStream:
    """Opens the training images that a configuration leaves out.

    Args:
        config: The settings, which name one half.
    """
    return _halves(_open_whole(config, TRAIN))[1 - HALVES.index(config.half)]


def _halves(images: ImageStream) -> tuple[ImageStream, ImageStream]:
    return images.split(0.5, _HALVES_SEED)


def _open_whole(config, split, held_bytes=0):
    return open_images(
        config.dataset,
        config.data_dir,
        split,
        config.image_size,
        config.skip_damaged,
        held_bytes,
    )


class ImageData:
    """Images that train and images that are evaluated, and how they become batches.

    A subclass sets `augmentation`; and where it trains, it sets `train` and has
    `training_batches(first_epoch, input_context)`, the batches from an epoch, counted
    from 0, to the end of the run, and a `fingerprint`.

    Args:
        config: `ImageSettings`.
        valid: Images that are evaluated.
        mean, std: Of each channel, by which the images are standardized.

    Attributes:
        config, valid, mean, std: As given.
        name: What the user called the images.
        class_names: Names of the classes.
        image_shape: Height, width and channels.
        train: `ImageStream` of the images that train.
        augmentation: Changes to them.
    """

    train: ImageStream
    augmentation: Any

    def __init__(
        self,
        config: ImageSettings,
        valid: ImageStream,
        mean: tuple[float, ...],
        std: tuple[float, ...],
    ):
        self.config, self.valid = config, valid
        self.name, self.class_names = valid.name, valid.class_names
        self.image_shape = valid.image_shape
        self.mean, self.std = mean, std

    @property
    def flip(self) -> bool:
        """Whether images are mirrored at random."""
        return self.name != "digits" if self.config.flip is None else self.config.flip

    def small_image_augmentation(self, crop_padding: int | None = None) -> Augmentation:
        """The changes to small images, as the paper's to those of CIFAR-10.

        Args:
            crop_padding: Pixels; default is an eighth of the image size.
        """
        config, size = self.config, min(self.image_shape[:2])
        cutout = config.cutout_length or size // 2
        return Augmentation(
            crop_padding=size // 8 if crop_padding is None else crop_padding,
            flip=self.flip,
            cutout=cutout if config.cutout else 0,
            mean=self.mean,
            std=self.std,
        )

    @property
    def steps_per_epoch(self) -> int:
        """Steps of an epoch."""
        one_pass = self.train.num_examples // self.config.batch_size
        return self.config.steps_per_epoch or one_pass

    def steps_from(self, first_epoch: int) -> tuple[int, int]:
        """Returns the first step of an epoch, and the number of steps of the run."""
        epochs = self.config.total_epochs
        return first_epoch * self.steps_per_epoch, epochs * self.steps_per_epoch

    @property
    def validation_steps(self) -> int | None:
        """Batches of a validation; `None` for all."""
        return self.config.validation_steps

    def validation_batches(
        self, input_context: tf.distribute.InputContext | None = None
    ) -> tf.data.Dataset:
        """The validation images in order, as far as they are evaluated."""
        batches = self.valid.evaluation_batches(
            self.config.batch_size, self.augmentation, input_context
        )
        steps = self.validation_steps
        return batches.take(steps * shares_of_step(input_context)) if steps else batches

    def description(self) -> dict:
        """What the report says about the data."""
        return self.contents() | {"mean": list(self.mean), "std": list(self.std)}

    def contents(self) -> dict:
        """What is known of the data and does not depend on a processor's rounding."""
        return {
            "name": self.name,
            "num_train": self.train.num_examples,
            "num_valid": self.valid.num_examples,
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
        }
