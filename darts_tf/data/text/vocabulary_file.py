"""The file in which a run keeps the words of its text."""

import os
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.data.text.corpus import Vocabulary
from darts_tf.errors import UserError
from darts_tf.run_layout import VOCABULARY_FILE


def keep_vocabulary(folder: Path, vocabulary: Vocabulary) -> None:
    """Writes the words of a run, one a line, or sees that they are still the same.

    Args:
        folder: Path of the run.
        vocabulary: The `Vocabulary` of its text.

    Raises:
        UserError: If the run has other words, or its file is damaged.
    """
    path = folder / VOCABULARY_FILE
    if not path.exists():
        write_atomically(path, "\n".join(vocabulary.words) + "\n")
    elif (words := read_vocabulary(folder).words) != vocabulary.words:
        raise UserError(
            f"{path} has {len(words)} words, and is not the vocabulary of the text, "
            f"which has {len(vocabulary.words)}; bring back the text that the run "
            "began with, or name a new folder."
        )


def read_vocabulary(folder: str | os.PathLike) -> Vocabulary:
    """Reads the words of a run.

    Args:
        folder: Path of the run.

    Returns:
        The `Vocabulary`.

    Raises:
        UserError: If the file is missing or damaged.
    """
    path = Path(folder) / VOCABULARY_FILE
    try:
        text = path.read_bytes().decode("utf-8")
        # Lines are cut as TensorFlow cuts them when it reads the file of an export.
        words = text.removesuffix("\n").split("\n")
        if "" in words:
            raise ValueError("it has an empty line")
        return Vocabulary(tuple(words))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a vocabulary: {error}") from error
