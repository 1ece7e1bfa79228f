import numpy as np
import pytest

from darts_tf.data.text.text_sources import BUILT_IN, is_text, open_corpus
from darts_tf.errors import UserError


def test_built_in_text():
    corpus = open_corpus(BUILT_IN)
    sizes = [len(part) for part in (corpus.train, corpus.valid, corpus.test)]
    assert sum(sizes) > 60_000
    np.testing.assert_allclose(np.divide(sizes, sum(sizes)), [0.8, 0.1, 0.1], atol=1e-4)
    words = corpus.vocabulary.words
    assert {"<eos>", "<unk>", "python", "."} <= set(words) and len(words) > 1000
    unknown = np.mean(corpus.valid == words.index("<unk>"))
    assert 0 < unknown < 0.2


def test_built_in_text_with_a_size():
    assert len(open_corpus(BUILT_IN, vocabulary_size=50).vocabulary.words) == 50


@pytest.mark.parametrize("by_name", [True, False])
def test_folder(tmp_path, by_name):
    for split in ("train", "valid", "test"):
        (tmp_path / f"ptb.{split}.txt").write_text("a b\n")
    arguments = ("ptb", str(tmp_path)) if by_name else (str(tmp_path),)
    assert open_corpus(*arguments).vocabulary.words == ("a", "b", "<eos>")
    assert is_text(arguments[0])


def test_folder_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert not is_text("~/texts") and not is_text("~nobody_of_this_name/texts")
    (tmp_path / "texts").mkdir()
    for split in ("train", "valid", "test"):
        (tmp_path / "texts" / f"{split}.txt").write_text("a b\n")
    assert is_text("~/texts")
    for arguments in (("~/texts",), ("ptb", "~/texts")):
        assert open_corpus(*arguments).vocabulary.words == ("a", "b", "<eos>")


@pytest.mark.parametrize("name", ["ptb", "wikitext2"])
def test_named_text_needs_its_folder(name):
    with pytest.raises(UserError, match="needs `data_dir`"):
        open_corpus(name)


def test_missing_folder(tmp_path):
    with pytest.raises(UserError, match=r"no train\.txt"):
        open_corpus(str(tmp_path / "none"))


@pytest.mark.parametrize("name", ["penn_tree_bnak", BUILT_IN, "a/folder"])
def test_other_texts_have_no_data_folder(tmp_path, name):
    for split in ("train", "valid", "test"):
        (tmp_path / f"{split}.txt").write_text("a b\n")
    message = f"`data_dir`=.* goes with `dataset`=ptb or wikitext2 only, .*{name}"
    with pytest.raises(UserError, match=message):
        open_corpus(name, str(tmp_path))
