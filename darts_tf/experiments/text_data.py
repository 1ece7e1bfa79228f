"""What the texts of searches and of trainings have in common."""

from typing import ClassVar

from darts_tf.data.text.corpus import SPLITS
from darts_tf.data.text.text_batches import text_streams
from darts_tf.data.text.text_sources import open_corpus
from darts_tf.experiments.text_settings import TextSettings


class TextData:
    """A text, whose training part becomes batches.

    A subclass has `training_batches(epoch)`, the batches of an epoch, counted from 0.

    Args:
        config: `TextSettings`.

    Attributes:
        PARTS: Parts of the text that the run reads.
        corpus: `Corpus`.
        train: Streams of the training text, int32 of shape `(batch, words)`.

    Raises:
        UserError: If a part is missing or no text, or the training text is too short.
    """

    PARTS: ClassVar = SPLITS

    def __init__(self, config: TextSettings):
        self.config = config
        self.corpus = open_corpus(
            config.dataset, config.data_dir, config.vocabulary_size
        )
        self.train = text_streams(
            self.corpus.train, config.batch_size, "The training text"
        )

    @property
    def vocabulary_size(self) -> int:
        """Number of words."""
        return len(self.corpus.vocabulary.words)

    def fingerprint(self) -> dict:
        """What tells these data from others."""
        return self.description() | {"checksum of the text": self.corpus.checksum()}

    def description(self) -> dict:
        """What the report says about the data."""
        counts = {f"num_{part}": len(getattr(self.corpus, part)) for part in self.PARTS}
        return {
            "name": self.config.dataset,
            **counts,
            "vocabulary_size": self.vocabulary_size,
        }
