"""The images of a search, and how they become batches."""

import tensorflow as tf

from darts_tf.data.images import batches
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.halved_images import HalvedImageData


class SearchData(HalvedImageData):
    """Both halves of the training images: `train` trains w, `valid` alpha.

    Args:
        config: `SearchConfig`.
    """

    def __init__(self, config: SearchConfig):
        super().__init__(config, config.crop_padding)

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
