"""The text of a search, and how it becomes batches."""

from darts_tf.data.text import text_batches
from darts_tf.data.text.corpus import batchify
from darts_tf.data.text.text_sources import open_corpus


class RecurrentSearchData:
    """The text of a search, and how it becomes batches.

    Args:
        config: `RecurrentSearchConfig`.

    Raises:
        UserError: If the text is missing, not valid or too short.
    """

    def __init__(self, config):
        self.config = config
        corpus = open_corpus(config.dataset, config.data_dir, config.vocabulary_size)
        self.vocabulary, self._checksum = corpus.vocabulary, corpus.checksum()
        self.num_train, self.num_valid = len(corpus.train), len(corpus.valid)
        name = "The validation text"
        self.train = text_batches.text_streams(
            corpus.train, config.batch_size, "The training text"
        )
        self.valid = batchify(corpus.valid, config.batch_size, name)
        self.evaluated = batchify(corpus.valid, config.valid_batch_size, name)

    def search_batches(self, epoch):
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

    def validation_batches(self):
        """The validation text as it is read after an epoch."""
        return text_batches.evaluation_batches(
            self.evaluated, self.config.sequence_length
        )

    def fingerprint(self):
        """What tells these data from others."""
        return self.description() | {"checksum of the text": self._checksum}

    def description(self):
        """What the report says about the data."""
        return {
            "name": self.config.dataset,
            "num_train": self.num_train,
            "num_valid": self.num_valid,
            "vocabulary_size": len(self.vocabulary.words),
        }
