"""The images of a search, and how they become batches."""

from darts_tf.checksum import checksum
from darts_tf.data.images import augmentation, batches, image_dataset
from darts_tf.distribution.worker_share import shares_of_step


class SearchData:
    """Both halves of the images of a search, and how they become batches.

    Args:
        config: `SearchConfig`.
    """

    def __init__(self, config):
        dataset = image_dataset.load_images(
            config.dataset, config.data_dir, config.image_size
        )
        self.config, self.name = config, dataset.name
        self.class_names = dataset.class_names
        self.mean, self.std = image_dataset.channel_statistics(dataset)
        self.train, self.valid = image_dataset.split_images(
            dataset, config.train_portion, config.seed
        )
        batches.check_batch_size(self.train, self.valid, config.batch_size)
        self.image_shape = dataset.images.shape[1:]
        self.steps_per_epoch = (
            config.steps_per_epoch or len(self.train.images) // config.batch_size
        )

    def search_batches(self, first_epoch, input_context=None):
        """Pairs of batches from `first_epoch`, counted from 0, to the end."""
        config, size = self.config, min(self.image_shape[:2])
        padding, flip = config.crop_padding, config.flip
        augment = augmentation.Augmentation(
            crop_padding=size // 8 if padding is None else padding,
            flip=self.name != "digits" if flip is None else flip,
            cutout=config.cutout_length if config.cutout else 0,
            mean=self.mean,
            std=self.std,
        )
        return batches.search_batches(
            self.train,
            self.valid,
            config.batch_size,
            augment,
            config.seed,
            first_epoch * self.steps_per_epoch,
            config.epochs * self.steps_per_epoch,
            input_context,
        )

    def validation_batches(self, input_context=None):
        """The validation half without augmentation, as far as it is evaluated."""
        config = self.config
        dataset = batches.evaluation_batches(
            self.valid, config.batch_size, self.mean, self.std, input_context
        )
        steps = config.validation_steps or config.steps_per_epoch
        return dataset.take(steps * shares_of_step(input_context)) if steps else dataset

    def fingerprint(self):
        """What tells these data from others."""
        halves = (self.train, self.valid)
        arrays = [array for half in halves for array in (half.images, half.labels)]
        return self._contents() | {"checksum of the images": checksum(arrays)}

    def description(self):
        """What the report says about the data."""
        return self._contents() | {"mean": list(self.mean), "std": list(self.std)}

    def _contents(self):
        """What does not depend on the rounding of a processor."""
        return {
            "name": self.name,
            "num_train": len(self.train.images),
            "num_valid": len(self.valid.images),
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
        }
