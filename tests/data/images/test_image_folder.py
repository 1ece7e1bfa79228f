import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from darts_tf.data.images import decoding, image_folder
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_folder import list_image_folder, read_files


def make_folder(path, sizes=((9, 12), (9, 12))):
    """Two classes, an image of each of the sizes in each; values 0 1, 50 51."""
    for value, name in enumerate(("cat", "ant")):
        (path / name).mkdir(parents=True)
        for index, (height, width) in enumerate(sizes):
            array = np.full((height, width, 3), 50 * value + index, "uint8")
            Image.fromarray(array).save(path / name / f"{index}.png")
    return path


def read_image_folder(folder, image_size):
    files = list_image_folder(folder)
    return read_files(files, image_size), files.labels, files.class_names


def test_alphabetical_order(tmp_path):
    folder = make_folder(tmp_path)
    (folder / ".git").mkdir()
    (folder / "ant" / "notes.txt").write_text("no image")
    images, labels, class_names = read_image_folder(folder, None)
    assert class_names == ("ant", "cat")
    assert labels.tolist() == [0, 0, 1, 1] and labels.dtype == np.int32
    assert images.shape == (4, 9, 12, 3) and images.dtype == np.uint8
    assert images[:, 0, 0, 0].tolist() == [50, 51, 0, 1]


def test_classes_of_unequal_size(tmp_path):
    (make_folder(tmp_path) / "cat" / "1.png").unlink()
    assert read_image_folder(tmp_path, None)[1].tolist() == [0, 0, 1]


@pytest.mark.parametrize("suffix", ["bmp", "gif", "jpeg", "JPG", "png", "webp"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_formats(tmp_path, suffix, mode):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Image.new(mode, (6, 4), 255).save(tmp_path / name / f"0.{suffix}")
    images, _, _ = read_image_folder(tmp_path, None)
    assert images.shape == (2, 4, 6, 3)


def test_various_sizes_need_image_size(tmp_path):
    folder = make_folder(tmp_path, ((9, 12), (20, 8)))
    with pytest.raises(DataError, match=r"1\.png is 20 x 8, .* `image_size`"):
        read_image_folder(folder, None)
    assert read_image_folder(folder, 6)[0].shape == (4, 6, 6, 3)


@pytest.mark.parametrize("content", [b"", b"no image", None])
def test_broken_image_is_named(tmp_path, content):
    broken = make_folder(tmp_path, [(9, 12)] * 40) / "cat" / "7.png"
    broken.write_bytes(broken.read_bytes()[:60] if content is None else content)
    with pytest.raises(DataError, match=r"cat/7\.png cannot be read as an image"):
        read_image_folder(tmp_path, None)


def test_dangling_link_is_named(tmp_path):
    (make_folder(tmp_path) / "cat" / "2.png").symlink_to(tmp_path / "nowhere.png")
    with pytest.raises(DataError, match=r"cat/2\.png cannot be read"):
        read_image_folder(tmp_path, 8)


def test_pipes_and_devices_are_not_read(tmp_path):
    folder = make_folder(tmp_path)
    os.mkfifo(folder / "cat" / "pipe.png")
    with pytest.raises(DataError, match=r"cat/pipe\.png is no image file"):
        read_image_folder(folder, None)
    (folder / "cat" / "pipe.png").unlink()
    (folder / "ant" / "zero.png").symlink_to("/dev/zero")
    with pytest.raises(DataError, match=r"ant/zero\.png is no image file"):
        read_image_folder(folder, None)


def test_endless_file_is_not_read(tmp_path):
    # It takes no space on the disk.
    with open(make_folder(tmp_path) / "cat" / "2.png", "wb") as file:
        file.truncate(2**40)
    with pytest.raises(DataError, match=r"cat/2\.png is no image file: .* at most"):
        read_image_folder(tmp_path, None)


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg"])
def test_too_many_pixels(tmp_path, kind, monkeypatch):
    folder = make_folder(tmp_path)
    monkeypatch.setattr(decoding, "MAX_PIXELS", 9 * 12)
    assert len(read_image_folder(folder, 8)[0]) == 4
    Image.new("RGB", (11, 10)).save(folder / "cat" / f"2.{kind}")
    message = rf"cat/2\.{kind} cannot be read as an image \(.* at most .* pixels"
    with pytest.raises(DataError, match=message):
        read_image_folder(folder, 8)


def test_names_of_files_need_be_no_text(tmp_path):
    folder = make_folder(tmp_path)
    name = os.fsdecode(b"\xff.png")
    shutil.copy(folder / "cat" / "1.png", folder / "cat" / name)
    assert len(read_image_folder(folder, None)[0]) == 5
    (folder / "cat" / name).write_bytes(b"no image")
    with pytest.raises(DataError, match=r"cat/.*\.png cannot be read as an image"):
        read_image_folder(folder, None)


def test_names_of_classes_must_be_text(tmp_path):
    folder = make_folder(tmp_path)
    (folder / "cat").rename(folder / os.fsdecode(b"caf\xe9"))
    with pytest.raises(DataError, match=r"caf.xe9' is not in UTF-8; rename"):
        read_image_folder(folder, None)


def test_shortage_of_memory_is_no_damage(tmp_path, monkeypatch):
    monkeypatch.setattr(image_folder, "decode", decode_without_memory)
    with pytest.raises(DataError, match=r"not enough memory to decode .*0\.png"):
        read_image_folder(make_folder(tmp_path), None)


def decode_without_memory(picture, channels):
    def fail(picture):
        raise MemoryError

    image = tf.py_function(fail, [picture], tf.uint8)
    return tf.ensure_shape(image, (None, None, channels))


def test_one_class(tmp_path):
    shutil.rmtree(make_folder(tmp_path) / "ant")
    with pytest.raises(DataError, match=r"1 folder.* at least 2 classes"):
        read_image_folder(tmp_path, None)


def test_empty_folder(tmp_path):
    with pytest.raises(DataError, match=r"0 folder.* at least 2 classes"):
        read_image_folder(tmp_path, None)


def test_class_without_images_is_named(tmp_path):
    # As if the parent of the folders train and validation had been given.
    make_folder(tmp_path / "train")
    make_folder(tmp_path / "validation")
    with pytest.raises(DataError, match="no image in its folder train"):
        read_image_folder(tmp_path, None)


@pytest.mark.parametrize("forbidden", [".", "cat"])
def test_unreadable_folder(forbidden):
    # Not tmp_path, which nobody else may enter.
    with tempfile.TemporaryDirectory() as path:
        folder = make_folder(Path(path) / "data")
        os.chmod(path, 0o755)
        os.chmod(folder / forbidden, 0)
        try:
            with (
                not_as_root(),
                pytest.raises(DataError, match=r"cannot be read: .*denied"),
            ):
                read_image_folder(folder, None)
        finally:
            os.chmod(folder / forbidden, 0o755)


@contextlib.contextmanager
def not_as_root():
    """Root may read everything; user 65534 owns nothing."""
    user = os.geteuid()
    if user == 0:
        try:
            os.seteuid(65534)
        except OSError:
            pytest.skip("In this namespace root cannot become another user.")
    try:
        yield
    finally:
        os.seteuid(user)
