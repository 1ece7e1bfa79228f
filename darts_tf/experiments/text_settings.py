"""Settings of runs on texts, searches and trainings."""

from darts_tf.limits import (
    MAX_BATCH_SIZE,
    MAX_SEQUENCE_LENGTH,
    MAX_UNITS,
    MAX_WORDS,
)
from darts_tf.recurrent import DropoutRates
from darts_tf.runs.run_settings import RunSettings
from darts_tf.settings import changed, setting

_LARGEST_RATE = 0.99


def _dropout(default, help):
    return setting(
        default,
        help,
        group="Network",
        least=0.0,
        most=_LARGEST_RATE,
    )


class TextSettings(RunSettings):
    """Settings of runs on texts.

    For the five dropouts, with the authors' names in brackets, see `DropoutRates`.
    """

    dataset: str = setting(
        "ptb",
        "Text to be learned: ptb or wikitext2, whose files are in `data_dir`; "
        "python_reference, which comes with Python; or a folder with train.txt, "
        "valid.txt and test.txt.",
        group="Data",
    )
    data_dir: str | None = setting(
        None,
        "Folder with train.txt, valid.txt and test.txt, or ptb.train.txt and so on, of "
        "the dataset ptb or wikitext2; no default.",
        group="Data",
        free=True,
    )
    vocabulary_size: int | None = setting(
        None,
        "Largest number of words, of which the most frequent ones are kept; default is "
        "all of the text.",
        group="Data",
        least=3,
        most=MAX_WORDS,
    )
    sequence_length: int = setting(
        35,
        "Mean number of words of a step (paper: 35); it is drawn anew for each.",
        group="Data",
        least=1,
        most=MAX_SEQUENCE_LENGTH,
    )
    valid_batch_size: int = setting(
        10,
        "Streams of the validation text that are read side by side after an epoch.",
        group="Data",
        least=2,
        most=MAX_BATCH_SIZE,
    )

    hidden_size: int = setting(
        300,
        "Size of the embedding and of the hidden states.",
        group="Network",
        least=1,
        most=MAX_UNITS,
    )
    activation_modules: tuple[str, ...] = setting(
        (),
        "Python modules to import that register activations of your own.",
        group="Network",
    )
    dropout_words: float = _dropout(
        0.0, "Share of the words whose whole embedding is dropped [dropoute]."
    )
    dropout_embedded: float = _dropout(
        0.2, "Share of the embedded text that is dropped [dropouti]."
    )
    dropout_inputs: float = _dropout(
        0.75, "Share of the cell's input that is dropped [dropoutx]."
    )
    dropout_hidden: float = _dropout(
        0.25, "Share of the hidden states that is dropped [dropouth]."
    )
    dropout_outputs: float = _dropout(
        0.75, "Share of the cell's output that is dropped [dropout]."
    )

    steps_per_epoch: int | None = changed(
        RunSettings,
        "steps_per_epoch",
        help="Most steps of an epoch, which begins where the text does; default is one "
        "pass over the training text.",
    )
    batch_size: int = changed(
        RunSettings,
        "batch_size",
        help="Streams of text of a step, on all devices together; in a search of each "
        "of its two texts.",
    )
    learning_rate: float = changed(
        RunSettings,
        "learning_rate",
        default=20.0,
        help="Learning rate of the weights w for a step of `sequence_length` words; in "
        "proportion for other lengths.",
    )
    weight_decay: float = changed(RunSettings, "weight_decay", default=5e-7)
    gradient_clip: float = changed(RunSettings, "gradient_clip", default=0.25)
    slowness: float = setting(
        1e-3,
        "Weight of the penalty on fast changes of the hidden state.",
        group="Optimization",
        least=0.0,
    )

    intra_op_threads: int = changed(
        RunSettings,
        "intra_op_threads",
        default=0,
        help="Threads of one operation, 0 for one a core; another number gives other "
        "bits.",
    )

    @property
    def dropout(self) -> DropoutRates:
        """The `DropoutRates`."""
        return DropoutRates.of_settings(self)
