"""The text of a language model's training, and how it becomes batches."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.data.text import text_batches
from darts_tf.data.text.corpus import batchify
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.text_data import TextData
from darts_tf.recurrent.text_evaluation import TextEvaluation


class LanguageData(TextData):
    """A text in three parts.

    Args:
        config: `LanguageConfig`.

    Raises:
        UserError: If a part is missing, no text, or shorter than its batch.
    """

    def __init__(self, config: LanguageConfig):
        super().__init__(config)
        batchify(self.corpus.valid, config.valid_batch_size, "The validation text")
        batchify(self.corpus.test, config.test_batch_size, "The test text")

    def training_batches(self, epoch: int) -> tf.data.Dataset:
        """Batches of one epoch, counted from 0."""
        config = self.config
        return text_batches.training_batches(
            self.train,
            text_batches.SequenceLengths(config.sequence_length, deviation=5),
            config.seed,
            epoch,
            config.steps_per_epoch,
        )

    def valid_loss(self, evaluation: TextEvaluation) -> float:
        """Mean loss of the validation text, by a `TextEvaluation`."""
        return evaluation.mean_loss(self.corpus.valid, self.config.valid_batch_size)

    def test_loss(self, evaluation: TextEvaluation) -> float:
        """Mean loss of the test text, by a `TextEvaluation`."""
        return evaluation.mean_loss(self.corpus.test, self.config.test_batch_size)

    def check_vocabulary(self, words: Sequence[str], source: Any) -> None:
        """Refuses a model that was trained on other words.

        Args:
            words: Its words, or their number where only that is known.
            source: What the error calls it.
        """
        own = self.corpus.vocabulary.words
        if words != (len(own) if isinstance(words, int) else own):
            count = words if isinstance(words, int) else len(words)
            raise UserError(
                f"{source} has a vocabulary of {count} words, that of "
                f"`dataset`={self.config.dataset} with {len(own)} is another; give the "
                "text and `vocabulary_size` that it was trained with."
            )
