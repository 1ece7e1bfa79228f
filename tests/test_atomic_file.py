import os
import stat

import pytest

from darts_tf import atomic_file
from darts_tf.atomic_file import write_atomically


def test_writes_text_and_bytes(tmp_path):
    path = tmp_path / "a" / "b.txt"
    assert write_atomically(path, "é").read_bytes() == "é".encode()
    assert write_atomically(path, b"\0").read_bytes() == b"\0"
    assert [file.name for file in path.parent.iterdir()] == ["b.txt"]


def test_others_may_read_what_the_user_lets_them(tmp_path):
    path = write_atomically(tmp_path / "a", "x")
    (tmp_path / "b").write_text("x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(
        (tmp_path / "b").stat().st_mode
    )


def test_a_failure_names_the_file_and_keeps_the_old_one(tmp_path, monkeypatch):
    path = write_atomically(tmp_path / "a", "old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=f"No space left on device: '{path}'"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file/a'"):
        write_atomically(tmp_path / "file" / "a", "x")


def test_does_not_write_through_a_link(tmp_path, monkeypatch):
    (tmp_path / "victim").write_text("precious")
    monkeypatch.setattr(atomic_file.secrets, "token_hex", lambda _: "guessed")
    (tmp_path / ".a.guessed.tmp").symlink_to(tmp_path / "victim")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a", "x")
    assert (tmp_path / "victim").read_text() == "precious"
