"""The text of a search, and how it becomes batches."""

import tensorflow as tf

from darts_tf.data.text import text_batches
from darts_tf.data.text.corpus import batchify
from darts_tf.experiments.recurrent_search.config import RecurrentSearchConfig
from darts_tf.experiments.text_data import TextData


class RecurrentSearchData(TextData):
    """The training text, which trains w, and the validation text, which trains alpha.

    Args:
        config: `RecurrentSearchConfig`.

    Raises:
        UserError: If the text is missing, not valid or too short.
    """

    PARTS = ("train", "valid")

    def __init__(self, config: RecurrentSearchConfig):
        super().__init__(config)
        valid, name = self.corpus.valid, "The validation text"
        self.valid = batchify(valid, config.batch_size, name)
        self.evaluated = batchify(valid, config.valid_batch_size, name)

    def training_batches(self, epoch: int) -> tf.data.Dataset:
        """Pairs of batches of an epoch, counted from 0."""
        config = self.config
        return text_batches.search_batches(
            self.train,
            self.valid,
            text_batches.SequenceLengths(config.sequence_length),
            config.seed,
            epoch,
            config.steps_per_epoch,
        )

    @property
    def steps_per_epoch(self) -> int:
        """Steps of the first epoch; others may have a few more or fewer."""
        return len(self.training_batches(0))

    def last_validation_batch(self, epoch: int) -> dict[str, tf.Tensor]:
        """The batch that moves alpha in the last step of an epoch, counted from 0."""
        pairs = self.training_batches(epoch)
        ((_, batch),) = pairs.skip(len(pairs) - 1)
        return batch

    def validation_batches(self) -> tf.data.Dataset:
        """The validation text as it is read after an epoch."""
        return text_batches.evaluation_batches(
            self.evaluated, self.config.sequence_length
        )
