"""Texts by name: the paper's two, a folder of one's own, and one that needs no file."""

import collections
import re

from darts_tf.data.text.corpus import (
    SPLITS,
    Corpus,
    Vocabulary,
    has_texts,
    load_corpus,
    split_words,
)
from darts_tf.errors import UserError

# The Python language reference as the standard library holds it for `help()`.
BUILT_IN = "python_reference"
_NAMED = ("ptb", "wikitext2")
_TRAIN_SHARE, _VALID_SHARE = 0.8, 0.1


def is_text(dataset: str) -> bool:
    """Whether a name is that of a text, or of a folder with one, see `open_corpus`."""
    return dataset in (BUILT_IN, *_NAMED) or has_texts(dataset)


def open_corpus(
    dataset: str, data_dir: str | None = None, vocabulary_size: int | None = None
) -> Corpus:
    """Finds a text by what a user types.

    Args:
        dataset: "ptb" or "wikitext2", whose texts are in `data_dir`;
            "python_reference", which comes with Python; or a folder with three texts.
        data_dir: Folder with the three texts, see `load_corpus`; `None` for all but
            the first two.
        vocabulary_size: Largest number of words, or `None` for all, see `Vocabulary`.

    Returns:
        The `Corpus`.

    Raises:
        UserError: If there is no such text, if it is not valid, or if `data_dir` is
            given for a text that is not there.
    """
    if data_dir is not None and dataset not in _NAMED:
        raise UserError(
            f"`data_dir`={data_dir} goes with `dataset`={' or '.join(_NAMED)} only, "
            f"not with `dataset`={dataset}; leave it out, or correct the name."
        )
    if dataset == BUILT_IN:
        return _python_reference(vocabulary_size)
    if dataset in _NAMED and data_dir is None:
        raise UserError(
            f"`dataset`={dataset} needs `data_dir`, the folder with its three texts; "
            f"`dataset`={BUILT_IN} needs none."
        )
    return load_corpus(data_dir or dataset, vocabulary_size)


def _python_reference(vocabulary_size):
    """The text in lower case, without paragraphs that come again, in three parts.

    Another version of Python has another text. Words that the training text has once
    are unknown ones, unless the size of the vocabulary is given.
    """
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise UserError(
            f"`dataset`={BUILT_IN} is missing from this Python ({error}); give a "
            "folder with a text."
        ) from error
    paragraphs = dict.fromkeys("\n\n".join(topics.values()).lower().split("\n\n"))
    lines = [
        " ".join(re.findall(r"\w+|[^\w\s]", line))
        for paragraph in paragraphs
        for line in paragraph.splitlines()
    ]
    words = split_words(line for line in lines if line)
    bounds = [0, _TRAIN_SHARE, _TRAIN_SHARE + _VALID_SHARE, 1]
    first, *ends = (int(bound * len(words)) for bound in bounds)
    parts = {}
    for split, end in zip(SPLITS, ends):
        parts[split], first = words[first:end], end
    if vocabulary_size is None:
        counts = collections.Counter(parts["train"])
        vocabulary_size = 2 + sum(count > 1 for count in counts.values())
    vocabulary = Vocabulary.of_text(parts["train"], vocabulary_size)
    return Corpus(
        vocabulary, **{split: vocabulary.encode(part) for split, part in parts.items()}
    )
