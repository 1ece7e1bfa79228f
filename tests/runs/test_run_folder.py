import fcntl
import json
import shutil

import pytest

from darts_tf.errors import UserError
from darts_tf.runs.run_folder import RunFolder, check_writable

SETTINGS = {"order": "second", "primitives": ("none", "skip_connect"), "data_dir": "a"}
FREE = frozenset({"data_dir", "profile"})
DATA = {"num_train": 40, "class_names": ["a", "b"], "checksum": "9f"}
MORE = {
    "data": {"name": "x"},
    "versions": {},
    "num_weights": 1,
    "command": "x",
}


def make_folder(path, **more):
    folder = RunFolder(path, "test.run", FREE)
    folder.check(SETTINGS)
    with folder.claimed(SETTINGS, None, DATA):
        folder.write_config(SETTINGS, **MORE, **more)
    return folder


def test_a_new_folder_is_not_made_by_checking(tmp_path):
    RunFolder(tmp_path / "a" / "b", "test.run").check(SETTINGS)
    assert not (tmp_path / "a").exists()


def test_a_place_that_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    for path in ("file", "file/run", "file/a/run"):
        with pytest.raises(UserError, match=r"`output`=.*file is not a folder"):
            check_writable(tmp_path / path)
        with pytest.raises(UserError, match=r"`output`=.*file is not a folder"):
            RunFolder(tmp_path / path, "test.run").check(SETTINGS)
    check_writable(tmp_path / "a" / "b")
    assert [*tmp_path.iterdir()] == [tmp_path / "file"]


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


def test_other_data_are_named(tmp_path):
    folder = make_folder(tmp_path / "run", fingerprint=DATA)
    folder.check(SETTINGS, None, DATA)
    changed = {**DATA, "num_train": 41}
    with pytest.raises(UserError, match=r"num_train: 40 there, 41 now.*bring") as error:
        folder.check(SETTINGS, None, changed)
    assert "\n" not in str(error.value)


def test_what_an_earlier_version_did_not_keep_is_said_once(tmp_path, capsys):
    folder = make_folder(tmp_path / "run")
    folder.check({**SETTINGS, "invented_since": 1})
    assert not capsys.readouterr().out
    with folder.claimed({**SETTINGS, "invented_since": 1}, None, DATA):
        pass
    (line,) = capsys.readouterr().out.splitlines()
    for unknown in ("invented_since", "the data", "the table of metrics"):
        assert unknown in line


def test_nothing_is_said_of_what_does_not_change_what_is_computed(tmp_path, capsys):
    folder = make_folder(tmp_path / "run", fingerprint=DATA)
    with folder.claimed({**SETTINGS, "profile": True}, None, DATA):
        pass
    assert not capsys.readouterr().out


def test_nothing_is_said_of_what_can_be_checked(tmp_path, capsys):
    folder = make_folder(tmp_path / "run", fingerprint=DATA)
    with folder.claimed(SETTINGS, None, DATA):
        pass
    assert not capsys.readouterr().out


def test_another_genotype_is_refused(tmp_path):
    folder = make_folder(tmp_path / "run", genotype={"nodes": 1})
    folder.check(SETTINGS, {"nodes": 1})
    with pytest.raises(UserError, match="another genotype"):
        folder.check(SETTINGS, {"nodes": 2})


def test_the_same_genotype_may_lie_elsewhere(tmp_path):
    named = {**SETTINGS, "genotype": "a.json", "genotype_epoch": None}
    folder = RunFolder(tmp_path / "run", "test.run")
    with folder.claimed(named, {"nodes": 1}, DATA):
        folder.write_config(named, **MORE, genotype={"nodes": 1})
    elsewhere = {**named, "genotype": "/b/a.json", "genotype_epoch": 3}
    folder.check(elsewhere, {"nodes": 1})
    with pytest.raises(UserError, match="another genotype"):
        folder.check(elsewhere, {"nodes": 2})
    with pytest.raises(UserError, match="of other settings"):
        folder.check(elsewhere)


def test_a_run_that_came_in_between_is_refused(tmp_path):
    """Another process runs after the first look, and before the folder is claimed."""
    folder = RunFolder(tmp_path / "run", "test.run")
    folder.check({**SETTINGS, "order": "first"})
    make_folder(tmp_path / "run")
    refused = pytest.raises(UserError, match="holds a run of other settings")
    with refused, folder.claimed({**SETTINGS, "order": "first"}, None, DATA):
        pass


def test_other_files_are_not_overwritten(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="holds other files"):
        RunFolder(tmp_path, "test.run").check(SETTINGS)


def test_what_a_kill_before_the_configuration_leaves_is_no_other_file(tmp_path):
    (tmp_path / ".lock").touch()
    (tmp_path / ".config.json.123.tmp").write_text("{")
    make_folder(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "config.json"}


def test_what_a_kill_leaves_is_removed(tmp_path):
    folder = make_folder(tmp_path / "run")
    leftovers = [
        folder.path / "alphas" / ".epoch_001.npz.12.tmp",
        folder.path / "checkpoints" / "best" / "epoch_0001_temp" / "part-0",
        folder.path / "checkpoints" / "epoch_0002_temp" / "part-0",
    ]
    kept = folder.path / "checkpoints" / "epoch_0001.index"
    for path in (*leftovers, kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    with folder.claimed(SETTINGS, None, DATA):
        assert not any(path.exists() for path in leftovers)
        assert not leftovers[1].parent.exists()
        assert kept.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', "\xff"])
def test_damaged_config(tmp_path, text):
    folder = make_folder(tmp_path / "run")
    (tmp_path / "run" / "config.json").write_text(text, "latin-1")
    with pytest.raises(UserError, match="damaged"):
        folder.check(SETTINGS)


def test_config_of_another_kind(tmp_path):
    make_folder(tmp_path / "run")
    with pytest.raises(
        UserError, match=r"another kind \('test.run' there, 'other.run'"
    ):
        RunFolder(tmp_path / "run", "other.run").check(SETTINGS)


def test_config_is_written_once(tmp_path):
    folder = make_folder(tmp_path / "run")
    folder.write_config({"order": "first"}, **MORE)
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["settings"]["order"] == "second"


def test_a_config_that_could_not_be_read_is_not_written(tmp_path):
    folder = RunFolder(tmp_path / "run", "test.run")
    more = {**MORE, "data": {"class_names": ["a\nb", "c"]}}
    with pytest.raises(UserError, match="class_names"):
        folder.write_config(SETTINGS, **more)
    assert not folder.path.exists()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="not a folder"):
        RunFolder(tmp_path / "file" / "run", "test.run").check(SETTINGS)


def test_a_name_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"`output`=.* UTF-8"):
        RunFolder(tmp_path / "\udce9", "test.run").check(SETTINGS)
    with pytest.raises(UserError, match=r"`data_dir`=.* UTF-8"):
        RunFolder(tmp_path / "a", "test.run").check({"data_dir": "\udce9"})
    assert not list(tmp_path.iterdir())


def test_a_folder_in_use_is_refused(tmp_path):
    first, second = (RunFolder(tmp_path / "run", "test.run") for _ in range(2))
    claim = pytest.raises(UserError, match="in use")
    with first.claimed(SETTINGS), claim, second.claimed(SETTINGS):
        pass


def test_a_lock_that_is_a_link_is_refused(tmp_path):
    folder = make_folder(tmp_path / "run")
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (folder.path / ".lock").unlink()
    (folder.path / ".lock").symlink_to(victim)
    with pytest.raises(UserError, match="is a link"), folder.claimed(SETTINGS):
        pass
    assert victim.read_text() == "precious"


def test_a_lock_keeps_what_it_holds(tmp_path):
    folder = make_folder(tmp_path / "run")
    (folder.path / ".lock").write_text("kept")
    with folder.claimed(SETTINGS), open(folder.path / ".lock") as lock:
        assert lock.read() == "kept"
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("is_made_again", [False, True])
def test_a_folder_that_is_removed_ends_the_run(tmp_path, is_made_again):
    folder = make_folder(tmp_path / "run")
    with folder.claimed(SETTINGS):
        folder.require_claim()
        shutil.rmtree(folder.path)
        if is_made_again:
            make_folder(tmp_path / "run")
        with pytest.raises(UserError, match="removed or replaced"):
            folder.require_claim()


def test_who_has_not_claimed_a_folder_does_not_miss_it(tmp_path):
    RunFolder(tmp_path / "run", "test.run").require_claim()
