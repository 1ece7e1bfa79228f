"""The text of a language model's training, and how it becomes batches."""

from darts_tf.data.text import text_batches
from darts_tf.data.text.corpus import batchify
from darts_tf.data.text.text_sources import open_corpus
from darts_tf.errors import UserError


class LanguageData:
    """A text in three parts.

    Args:
        config: `LanguageConfig`.

    Attributes:
        corpus: `Corpus`.

    Raises:
        UserError: If a part is missing, no text, or shorter than its batch.
    """

    def __init__(self, config):
        self.config = config
        self.corpus = open_corpus(
            config.dataset, config.data_dir, config.vocabulary_size
        )
        self.streams = text_batches.text_streams(
            self.corpus.train, config.batch_size, "The training text"
        )
        batchify(self.corpus.valid, config.valid_batch_size, "The validation text")
        batchify(self.corpus.test, config.test_batch_size, "The test text")

    @property
    def vocabulary_size(self):
        """Number of words."""
        return len(self.corpus.vocabulary.words)

    def training_batches(self, epoch):
        """Batches of one epoch, counted from 0."""
        config = self.config
        return text_batches.training_batches(
            self.streams,
            text_batches.SequenceLengths(config.sequence_length, deviation=5),
            config.seed,
            epoch,
            config.steps_per_epoch,
        )

    def valid_loss(self, evaluation):
        """Mean loss of the validation text, by a `TextEvaluation`."""
        return evaluation.mean_loss(self.corpus.valid, self.config.valid_batch_size)

    def test_loss(self, evaluation):
        """Mean loss of the test text, by a `TextEvaluation`."""
        return evaluation.mean_loss(self.corpus.test, self.config.test_batch_size)

    def check_vocabulary(self, words, source):
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

    def fingerprint(self):
        """What tells these data from others."""
        return self.description() | {"checksum of the text": self.corpus.checksum()}

    def description(self):
        """What the report says about the data."""
        return {
            "name": self.config.dataset,
            "num_train": len(self.corpus.train),
            "num_valid": len(self.corpus.valid),
            "num_test": len(self.corpus.test),
            "vocabulary_size": self.vocabulary_size,
        }
