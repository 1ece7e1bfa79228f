import os
import stat

import pytest

from darts_tf.errors import UserError
from darts_tf.export.versioned_folder import write_version


def write(folder):
    (folder / "model.pb").write_text("content")


def test_versions_are_counted(tmp_path):
    output = tmp_path / "new" / "served"
    versions = [write_version(output, "model.pb", write) for _ in range(2)]
    assert versions == [output / "1", output / "2"]
    (output / "2").rename(output / "11")
    assert write_version(output, "model.pb", write) == output / "12"
    assert sorted(os.listdir(output)) == ["1", "11", "12"]
    assert (output / "12" / "model.pb").read_text() == "content"
    # Servers run as another user.
    assert stat.S_IMODE((output / "1").stat().st_mode) & 0o055 or os.umask(0)


def test_another_process_may_be_faster(tmp_path):
    def write_while_another_does(folder):
        write(folder)
        write_version(tmp_path, "model.pb", write)

    version = write_version(tmp_path, "model.pb", write_while_another_does)
    assert version == tmp_path / "2"


def test_nothing_is_left_after_an_error(tmp_path):
    def fail(folder):
        write(folder)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        write_version(tmp_path / "new" / "served", "model.pb", fail)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    "existing, message",
    [
        ("served", "served cannot be written to"),
        ("served/config.json", "other files than versions"),
        ("served/1/model.onnx", "another format"),
    ],
)
def test_other_files(tmp_path, existing, message):
    path = tmp_path / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    called = []
    with pytest.raises(UserError, match=message):
        write_version(tmp_path / "served", "model.pb", called.append)
    assert not called


def test_no_place(tmp_path):
    with pytest.raises(UserError, match="--output=/proc/served: /proc cannot"):
        write_version("/proc/served", "model.pb", write)
