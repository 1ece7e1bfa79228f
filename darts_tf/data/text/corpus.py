"""Text for language models: files of words to streams of tokens."""

import collections
import dataclasses
import functools
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from darts_tf.checksum import checksum
from darts_tf.errors import UserError, invalid_value, shortened

END_OF_SENTENCE = "<eos>"
UNKNOWN = "<unk>"
SPLITS = ("train", "valid", "test")
_SPECIAL = (END_OF_SENTENCE, UNKNOWN)
_FILE_NAMES = ("{}.txt", "ptb.{}.txt")


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """The words of a language model; the token of a word is its position.

    Args:
        words: Distinct words, at least 2.

    Raises:
        ValueError: If there are fewer or a word appears twice.
    """

    words: tuple[str, ...]

    def __post_init__(self):
        if len(self.words) < 2 or len(set(self.words)) != len(self.words):
            expected = "a tuple of at least 2 distinct words"
            raise invalid_value("words", expected, self.words)

    @classmethod
    def of_text(cls, words: Sequence[str], size: int | None = None) -> "Vocabulary":
        """Collects the words of a text, in the order of their first appearance.

        Args:
            words: The text.
            size: `None` for all words. Otherwise at most so many: `<eos>`, `<unk>` and
                the most frequent others; of equally frequent ones the earlier.

        Raises:
            ValueError: If `size` is less than 3.
        """
        counts = collections.Counter(words)
        if size is None:
            return cls(tuple(counts))
        if type(size) is not int or size < 3:
            raise invalid_value("size", "an integer of at least 3", size)
        # Adding nothing gives the word a place also where the text lacks it.
        counts.update({END_OF_SENTENCE: 0, UNKNOWN: 0})
        others = [w for w, _ in counts.most_common() if w not in _SPECIAL]
        kept = {*_SPECIAL, *others[: size - len(_SPECIAL)]}
        return cls(tuple(word for word in counts if word in kept))

    @functools.cached_property
    def tokens(self) -> dict[str, int]:
        """The token of each word."""
        return {word: token for token, word in enumerate(self.words)}

    def encode(self, words: Sequence[str], name: str = "the text") -> np.ndarray:
        """Turns words into tokens; `<unk>` stands for those that are not known.

        Args:
            words: The text.
            name: What an error calls it.

        Returns:
            int32 array of shape `(words,)`.

        Raises:
            UserError: If a word is not in the vocabulary, and `<unk>` is not either.
        """
        unknown = self.tokens.get(UNKNOWN)
        if unknown is None and not self.tokens.keys() >= set(words):
            word = next(word for word in words if word not in self.tokens)
            raise UserError(
                f"The word {shortened(word)} of {name} is not in the vocabulary of "
                f"{len(self.words)} words, which has no {UNKNOWN}; give "
                "`vocabulary_size` to add that, or check that the text is the right one"
            )
        tokens = (self.tokens.get(word, unknown) for word in words)
        return np.fromiter(tokens, np.int32, count=len(words))


@dataclasses.dataclass(frozen=True, eq=False)
class Corpus:
    """A text in three parts, as tokens.

    Attributes:
        vocabulary: `Vocabulary` of the training text.
        train, valid, test: int32 arrays of shape `(words,)`.
    """

    vocabulary: Vocabulary
    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray

    def checksum(self) -> int:
        """Returns a number that tells this text from others."""
        words = "\n".join(self.vocabulary.words).encode()
        texts = self.train, self.valid, self.test
        return checksum([np.frombuffer(words, np.uint8), *texts])


def load_corpus(
    folder: str | os.PathLike, vocabulary_size: int | None = None
) -> Corpus:
    """Reads a folder with a training, a validation and a test text.

    The files are `train.txt`, `valid.txt` and `test.txt`, or the same with `ptb.`
    before, in UTF-8: words between spaces, with `<eos>` understood at each line's end.
    Tokens follow the first appearance of the words in the training text, as in the
    authors' code, so that trained weights fit. Words that are in the other texts only
    become `<unk>`.

    Args:
        folder: The folder.
        vocabulary_size: Largest number of words, or `None`, see `Vocabulary.of_text`.

    Returns:
        The `Corpus`.

    Raises:
        UserError: If a file is missing, empty or no text, or if words are outside the
            vocabulary and `<unk>` is too.
    """
    paths = _find_files(folder)
    words = {split: read_words(path) for split, path in zip(SPLITS, paths)}
    vocabulary = Vocabulary.of_text(words["train"], vocabulary_size)
    return Corpus(
        vocabulary,
        **{
            split: vocabulary.encode(words[split], str(path))
            for split, path in zip(SPLITS, paths)
        },
    )


def has_texts(folder: str | os.PathLike) -> bool:
    """Whether a folder has any of the files that `load_corpus` reads."""
    return any(path.is_file() for paths in _candidates(folder) for path in paths)


def _candidates(folder):
    """Returns the paths of the three texts by each of the sets of names."""
    place = Path(os.path.expanduser(folder))
    return [[place / name.format(split) for split in SPLITS] for name in _FILE_NAMES]


def _find_files(folder):
    """Returns the paths of the three texts."""
    candidates = _candidates(folder)
    for paths in candidates:
        if all(path.is_file() for path in paths):
            return paths
    # Of the known sets of names the one was meant of which most files exist.
    paths = max(candidates, key=lambda paths: sum(path.is_file() for path in paths))
    missing = [path.name for path in paths if not path.is_file()]
    raise UserError(
        f"There is no {' and no '.join(missing)} in the folder {folder}; expected "
        f"{_listed(candidates[0])}, or {_listed(candidates[1])}"
    )


def _listed(paths):
    return ", ".join(path.name for path in paths)


def read_words(path: str | os.PathLike) -> list[str]:
    """Reads a text file.

    Args:
        path: The file, in UTF-8, with or without a mark of that at its start.

    Returns:
        The words, with `<eos>` at each line's end.

    Raises:
        UserError: If the file cannot be read, is no text or has no word in it.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            words = split_words(file)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no text in UTF-8: {error}") from error
    if not any(word != END_OF_SENTENCE for word in words):
        raise UserError(f"{path} has no words in it; expected a text")
    if any("\0" in word for word in words):
        raise UserError(f"{path} is no text: it has zero bytes in it")
    return words


def split_words(lines: Iterable[str]) -> list[str]:
    """Splits lines into words, with `<eos>` at each line's end."""
    words = []
    for line in lines:
        # A word that occurs again is the same object, so that each is held once.
        words += map(sys.intern, line.split())
        words.append(END_OF_SENTENCE)
    return words


def batchify(tokens: np.ndarray, batch_size: int, name: str = "The text") -> np.ndarray:
    """Cuts a text into streams of equal length, to be read side by side.

    Row i continues where row i - 1 ends. The authors' code lays the same streams out in
    columns. Words at the end that fill no further column are left out.

    Args:
        tokens: Array of shape `(words,)`.
        batch_size: Number of streams.
        name: What an error calls the text.

    Returns:
        Array of shape `(batch_size, words // batch_size)`.

    Raises:
        UserError: If a stream would have no word and next word in it.
    """
    if type(batch_size) is not int or batch_size < 1:
        raise invalid_value("batch_size", "an integer of at least 1", batch_size)
    length = len(tokens) // batch_size
    if length < 2:
        raise UserError(
            f"{name} is too short: it has {len(tokens)} words, and a batch of "
            f"{batch_size} needs at least {2 * batch_size}; give a smaller batch size "
            "or a longer text"
        )
    return np.reshape(tokens[: batch_size * length], (batch_size, length))
