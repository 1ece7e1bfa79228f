"""The images of a training, and how they become batches."""

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.image_dataset import CHANNEL_STATISTICS
from darts_tf.data.images.image_streams import open_images
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.distribution.worker_share import shares_of_step
from darts_tf.errors import UserError


def open_split(config, split):
    """Opens the `ImageStream` of a configuration, "train" or "test"."""
    return open_images(
        config.dataset,
        config.data_dir,
        split,
        config.image_size,
        skip_damaged=config.skip_damaged,
    )


class EvaluationData:
    """The validation images.

    Args:
        config: `ImageTrainingConfig`.
        train: `ImageStream` of the training images, or `None` to open them if need be.

    Attributes:
        class_names: Names of the classes.
        image_shape: Height, width and channels.
        mean, std: Of each channel of the training images, by which the images are
            standardized.
    """

    def __init__(self, config, train=None):
        self.config = config
        self.valid = open_split(config, "test")
        self.name, self.class_names = self.valid.name, self.valid.class_names
        self.image_shape = self.valid.image_shape
        # Opening many files takes long; published statistics do without.
        if train is None and self.name not in CHANNEL_STATISTICS:
            train = open_split(config, "train")
        measured = train or self.valid
        self.mean, self.std = measured.mean, measured.std
        self.augmentation = self._make_augmentation()

    def validation_batches(self, input_context=None):
        """The validation images in order, as far as they are evaluated."""
        batches = self.valid.evaluation_batches(
            self.config.batch_size, self.augmentation, input_context
        )
        steps = self.config.validation_steps
        return batches.take(steps * shares_of_step(input_context)) if steps else batches

    def _make_augmentation(self):
        """That of the images for which the stem is."""
        config, size = self.config, min(self.image_shape[:2])
        flip = self.name != "digits" if config.flip is None else config.flip
        if config.stem == "imagenet":
            return LargeImageAugmentation(self.mean, self.std, flip)
        cutout = config.cutout_length or size // 2
        return Augmentation(
            crop_padding=size // 8,
            flip=flip,
            cutout=cutout if config.cutout else 0,
            mean=self.mean,
            std=self.std,
        )


class ImageTrainingData(EvaluationData):
    """The training images as well.

    Args:
        config: `ImageTrainingConfig`.

    Raises:
        UserError: If they do not fill a batch, or are not of the size of the others.
    """

    def __init__(self, config):
        self.train = open_split(config, "train")
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
        self.steps_per_pass = self.train.num_examples // config.batch_size
        self.steps_per_epoch = config.steps_per_epoch or self.steps_per_pass

    def training_batches(self, first_epoch, input_context=None):
        """Batches from `first_epoch`, counted from 0, to the end of the training."""
        config, passed = self.config, first_epoch * self.steps_per_epoch
        first_pass, skipped = divmod(passed, self.steps_per_pass)
        last_step = config.epochs * self.steps_per_epoch
        batches = self.train.training_batches(
            config.batch_size,
            self.augmentation,
            config.seed,
            first_pass,
            -(-last_step // self.steps_per_pass),
            input_context,
        )
        return batches.skip(skipped * shares_of_step(input_context))

    def fingerprint(self):
        """What tells these data from others."""
        images = [self.train.checksum(), self.valid.checksum()]
        return self._contents() | {"checksums of images": images}

    def description(self):
        """What the report says about the data."""
        return self._contents() | {"mean": list(self.mean), "std": list(self.std)}

    def _contents(self):
        """What does not depend on the rounding of a processor."""
        return {
            "name": self.name,
            "num_train": self.train.num_examples,
            "num_valid": self.valid.num_examples,
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
        }
