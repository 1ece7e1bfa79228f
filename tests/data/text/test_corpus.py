"""Texts: files, vocabulary, streams, and what is wrong with them."""

import numpy as np
import pytest

from darts_tf.data.text.corpus import Vocabulary, batchify, load_corpus, read_words
from darts_tf.errors import UserError

TEXTS = {
    "train": " a b <unk> \n\n b a b c \n",
    "valid": "c c\n",
    "test": "a\nb",
}


def write(folder, pattern="{}.txt", **changes):
    for split, text in (TEXTS | changes).items():
        if text is not None:
            content = text if isinstance(text, bytes) else text.encode()
            (folder / pattern.format(split)).write_bytes(content)
    return folder


@pytest.mark.parametrize("pattern", ["{}.txt", "ptb.{}.txt"])
def test_words_are_numbered_by_first_appearance(tmp_path, pattern):
    corpus = load_corpus(write(tmp_path, pattern))
    assert corpus.vocabulary.words == ("a", "b", "<unk>", "<eos>", "c")
    assert corpus.train.dtype == np.int32
    assert corpus.train.tolist() == [0, 1, 2, 3, 3, 1, 0, 1, 4, 3]
    assert corpus.valid.tolist() == [4, 4, 3]
    assert corpus.test.tolist() == [0, 3, 1, 3]


def test_a_byte_order_mark_is_no_word(tmp_path):
    texts = {split: b"\xef\xbb\xbf" + t.encode() for split, t in TEXTS.items()}
    corpus = load_corpus(write(tmp_path, **texts))
    assert corpus.vocabulary.words == ("a", "b", "<unk>", "<eos>", "c")
    assert corpus.valid.tolist() == [4, 4, 3]


def test_checksums_tell_texts_apart(tmp_path):
    changes = [
        {},
        {"train": "b a\n a b c\n"},
        {"train": "a b c\n"},
        # The same words in the same order, in all.
        {"valid": "c c\na\n", "test": "b"},
        {"test": "a\nc"},
    ]
    sums = [load_corpus(write(tmp_path, **change)).checksum() for change in changes]
    assert len(set(sums)) == len(sums)
    assert load_corpus(write(tmp_path)).checksum() == sums[0]


def test_word_outside_the_training_text_is_unknown(tmp_path):
    corpus = load_corpus(write(tmp_path, test="a new word"))
    assert corpus.test.tolist() == [0, 2, 2, 3]


def test_word_outside_the_vocabulary_is_refused_without_unk(tmp_path):
    write(tmp_path, train="a b\n", valid="b a\n", test="a new word\n")
    with pytest.raises(
        UserError, match=r"'new' of .*test\.txt is not in.* 3 words.*vocabulary_size"
    ):
        load_corpus(tmp_path)


def test_vocabulary_size_keeps_the_most_frequent(tmp_path):
    text = "z x x y y y w\n"
    corpus = load_corpus(write(tmp_path, train=text), vocabulary_size=4)
    assert corpus.vocabulary.words == ("x", "y", "<eos>", "<unk>")
    assert corpus.train.tolist() == [3, 0, 0, 1, 1, 1, 3, 2]
    assert corpus.valid.tolist() == [3, 3, 2]


def test_vocabulary_size_ties_and_room():
    words = ["b", "a", "b", "a", "<eos>"]
    assert Vocabulary.of_text(words, 3).words == ("b", "<eos>", "<unk>")
    assert Vocabulary.of_text(words, 99).words == ("b", "a", "<eos>", "<unk>")


@pytest.mark.parametrize("size", [2, 0, -1, 3.0, True, "9"])
def test_invalid_vocabulary_size(size):
    with pytest.raises(ValueError, match="`size`, expected an integer of at least 3"):
        Vocabulary.of_text(["a"], size)


@pytest.mark.parametrize("words", [(), ("a",), ("a", "a")])
def test_invalid_vocabulary(words):
    with pytest.raises(ValueError, match="`words`, expected a tuple of at least 2"):
        Vocabulary(words)


@pytest.mark.parametrize(
    ("split", "text", "message"),
    [
        ("valid", None, r"no valid\.txt in the folder"),
        ("train", "", r"train\.txt has no words in it"),
        ("test", " \n\n", r"test\.txt has no words in it"),
        ("train", b"\x89PNG\r\n\xff\xfe", r"train\.txt is no text in UTF-8"),
        ("valid", b"a b\0c\n", r"valid\.txt is no text: it has zero bytes"),
    ],
)
def test_file_of_no_use(tmp_path, split, text, message):
    write(tmp_path, **{split: text})
    with pytest.raises(UserError, match=message) as caught:
        load_corpus(tmp_path)
    assert "\n" not in str(caught.value)


def test_missing_files_say_what_is_expected(tmp_path):
    for folder in (tmp_path, tmp_path / "missing", __file__):
        with pytest.raises(
            UserError, match=r"no train\.txt and no valid\.txt .*or ptb\.train\.txt"
        ):
            load_corpus(folder)
    write(tmp_path, "ptb.{}.txt", test=None)
    with pytest.raises(UserError, match=r"There is no ptb\.test\.txt in"):
        load_corpus(tmp_path)


def test_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_words(tmp_path)


def test_batchify_cuts_streams():
    streams = batchify(np.arange(11), 3)
    assert streams.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert batchify(np.arange(6), 3).shape == (3, 2)


def test_text_shorter_than_a_batch():
    with pytest.raises(
        UserError, match=r"The test text is too short: it has 5 words.* at least 6"
    ):
        batchify(np.arange(5), 3, "The test text")
    with pytest.raises(ValueError, match="`batch_size`"):
        batchify(np.arange(5), 0)


def test_penn_treebank(text_folder):
    corpus = load_corpus(text_folder / "ptb")
    assert len(corpus.vocabulary.words) == 10_000
    # The usual sizes of the preprocessed text.
    sizes = [len(part) for part in (corpus.train, corpus.valid, corpus.test)]
    assert sizes == [929_589, 73_760, 82_430]
    assert corpus.vocabulary.words[:2] == ("aer", "banknote")
    assert batchify(corpus.train, 256).shape == (256, 3631)
