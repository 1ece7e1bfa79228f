"""The images of a trial, and how they become batches."""

import tensorflow as tf

from darts_tf.experiments.halved_images import HalvedImageData


class BaselineData(HalvedImageData):
    """Both halves of the training images, those of a search with the same seed.

    Args:
        config: `BaselineConfig`.
    """

    def training_batches(self, seed: int) -> tf.data.Dataset:
        """Batches of a whole trial with a seed of its own."""
        return self.train.training_batches(
            self.config.batch_size, self.augmentation, seed, *self.steps_from(0)
        )
