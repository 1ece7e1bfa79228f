import os
import shutil
import stat

import pytest

from darts_tf.errors import UserError
from darts_tf.serving.versioned_folder import write_version

KIND = {"model": "image network", "image_shape": [8, 8, 3], "class_names": ["a", "b"]}


def write(folder):
    (folder / "model.pb").write_text("content")


def add_version(output, kind=KIND, write=write):
    return write_version(output, "model.pb", kind, write)


def test_versions_are_counted(tmp_path):
    output = tmp_path / "new" / "served"
    versions = [add_version(output) for _ in range(2)]
    assert versions == [output / "1", output / "2"]
    (output / "2").rename(output / "11")
    assert add_version(output) == output / "12"
    assert sorted(os.listdir(output)) == ["1", "11", "12"]
    assert (output / "12" / "model.pb").read_text() == "content"


def test_a_server_of_another_user_can_read(tmp_path):
    before = os.umask(0o022)
    try:
        version = add_version(tmp_path / "served")
    finally:
        os.umask(before)
    assert stat.S_IMODE(version.stat().st_mode) == 0o755


def test_another_process_may_be_faster(tmp_path):
    def write_while_another_does(folder):
        write(folder)
        add_version(tmp_path)

    version = add_version(tmp_path, write=write_while_another_does)
    assert version == tmp_path / "2"


def test_nothing_is_left_after_an_error(tmp_path):
    def fail(folder):
        write(folder)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        add_version(tmp_path / "new" / "served", write=fail)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    "existing, message",
    [
        ("served", "served cannot be written to"),
        ("served/config.json", "other files than versions"),
        ("served/1²/model.pb", "other files than versions"),
        ("served/1/model.onnx", "another format"),
    ],
)
def test_other_files(tmp_path, existing, message):
    path = tmp_path / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    called = []
    with pytest.raises(UserError, match=message):
        add_version(tmp_path / "served", write=called.append)
    assert not called


def test_no_place(tmp_path):
    with pytest.raises(UserError, match="`output`=/proc/served: /proc cannot"):
        add_version("/proc/served")


@pytest.mark.parametrize(
    "change, message",
    [
        ({"model": "language model"}, "model 'image network'"),
        ({"image_shape": [9, 8, 3]}, r"image shape \[8, 8, 3\]"),
        ({"class_names": ["b", "a"]}, r"class names \['a', 'b'\]"),
    ],
)
def test_versions_of_another_model(tmp_path, change, message):
    output, called = tmp_path / "served", []
    for _ in range(2):
        add_version(output)
    with pytest.raises(UserError, match=rf"another model \(.*served/2: {message}\)"):
        add_version(output, KIND | change, called.append)
    assert not called
    # What one of the two does not say is no difference.
    assert add_version(output, {"model": "image network"}) == output / "3"
    assert add_version(output, {"image_shape": [1, 1, 1]}) == output / "4"


def test_another_model_may_be_faster(tmp_path):
    def write_while_another_does(folder):
        write(folder)
        add_version(tmp_path, {"model": "language model"})

    with pytest.raises(UserError, match="versions of another model"):
        add_version(tmp_path, write=write_while_another_does)
    assert os.listdir(tmp_path) == ["1"]


def test_what_killed_exports_left(tmp_path):
    add_version(tmp_path)
    others = tmp_path / ".export-of-others"
    others.mkdir()

    def write_and_leave_a_copy(folder):
        write(folder)
        shutil.copytree(folder.parent, tmp_path / ".export-killed")
        (others / "lock").touch()

    def write_while_another_does(folder):
        assert not (tmp_path / ".export-killed").exists()
        write(folder)
        add_version(tmp_path)

    add_version(tmp_path, write=write_and_leave_a_copy)
    assert (tmp_path / ".export-killed/version/model.pb").exists()
    add_version(tmp_path, write=write_while_another_does)
    assert sorted(os.listdir(tmp_path)) == [others.name, "1", "2", "3", "4"]
