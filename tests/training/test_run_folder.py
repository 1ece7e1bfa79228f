import json

import pytest

from darts_tf.errors import UserError
from darts_tf.training.run_folder import RunFolder

SETTINGS = {"order": "second", "primitives": ("none", "skip_connect"), "data_dir": "a"}


def make_folder(path):
    folder = RunFolder(path, "test.run")
    folder.check(SETTINGS)
    with folder.claimed():
        folder.write_config(SETTINGS, command="x")
    return folder


def test_a_new_folder_is_not_made_by_checking(tmp_path):
    RunFolder(tmp_path / "a" / "b", "test.run").check(SETTINGS)
    assert not (tmp_path / "a").exists()


def test_the_same_settings_may_continue(tmp_path):
    folder = make_folder(tmp_path / "run")
    folder.check({**SETTINGS, "data_dir": "elsewhere"})
    assert folder.read_config()["command"] == "x"


def test_other_settings_are_named(tmp_path):
    folder = make_folder(tmp_path / "run")
    before = (tmp_path / "run" / "config.json").read_bytes()
    with pytest.raises(UserError, match="order: 'second' there, 'first' now"):
        folder.check({**SETTINGS, "order": "first"})
    assert (tmp_path / "run" / "config.json").read_bytes() == before


def test_other_files_are_not_overwritten(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="holds other files"):
        RunFolder(tmp_path, "test.run").check(SETTINGS)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "\xff"])
def test_damaged_config(tmp_path, text):
    folder = make_folder(tmp_path / "run")
    (tmp_path / "run" / "config.json").write_text(text, "latin-1")
    with pytest.raises(UserError, match="damaged"):
        folder.check(SETTINGS)


def test_config_of_another_kind(tmp_path):
    make_folder(tmp_path / "run")
    with pytest.raises(UserError, match="damaged"):
        RunFolder(tmp_path / "run", "other.run").check(SETTINGS)


def test_config_is_written_once(tmp_path):
    folder = make_folder(tmp_path / "run")
    folder.write_config({"order": "first"})
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["settings"]["order"] == "second"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="not a folder"):
        RunFolder(tmp_path / "file" / "run", "test.run").check(SETTINGS)


def test_a_folder_in_use_is_refused(tmp_path):
    second = RunFolder(tmp_path / "run", "test.run")
    claim = pytest.raises(UserError, match="in use")
    with make_folder(tmp_path / "run").claimed(), claim, second.claimed():
        pass
