import os
import shutil
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from darts_tf.data.images import damage, decoding
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_dataset import CHANNEL_STATISTICS
from darts_tf.data.images.opening import open_images
from tests.data.images.image_folders import (
    LARGE,
    PLAIN,
    assert_equal,
    batches,
    make_classes,
    make_splits,
    numbers,
    open_split,
)


@pytest.fixture
def split_folder(tmp_path):
    """Training images 0 to 11, validation images 12 to 16."""
    return make_splits(tmp_path)


def test_attributes(split_folder):
    stream = open_split(split_folder)
    assert stream.name == str(split_folder)
    assert stream.class_names == ("ant", "cat")
    assert stream.num_examples == 12 and stream.image_shape == (8, 8, 3)
    assert open_split(split_folder, "test").num_examples == 5


def test_classes_that_validation_lacks(split_folder):
    make_classes(split_folder / "train", (0, 0, 1), first=20)
    assert open_split(split_folder).class_names == ("ant", "cat", "dog")
    stream = open_split(split_folder, "test")
    assert stream.class_names == ("ant", "cat", "dog")


def test_one_folder_is_split(tmp_path):
    make_classes(tmp_path, (10, 10))
    seen = []
    for split, count in (("train", 16), ("test", 4)):
        stream = open_split(tmp_path, split)
        assert stream.num_examples == count
        seen += numbers(list(stream.evaluation_batches(5, PLAIN).as_numpy_iterator()))
    assert sorted(seen) == list(range(20))


def test_folder_of_one_size_in_memory(tmp_path):
    for name in ("train", "test"):
        for value in (0, 1):
            (tmp_path / name / f"class {value}").mkdir(parents=True)
            image = Image.new("RGB", (6, 4), (value * 255,) * 3)
            image.save(tmp_path / name / f"class {value}" / "0.png")
    stream = open_split(tmp_path, image_size=None)
    assert stream.image_shape == (4, 6, 3)
    np.testing.assert_allclose([stream.mean, stream.std], 0.5)
    ((images, labels),) = stream.evaluation_batches(5, PLAIN).as_numpy_iterator()
    np.testing.assert_allclose(images[:, 0, 0, 0], 255 * labels, rtol=1e-6)


def test_digits():
    train, valid = (open_images("digits", split=split) for split in ("train", "test"))
    assert train.num_examples + valid.num_examples == 1797
    assert train.image_shape == (8, 8, 1) and len(train.class_names) == 10
    ((images, labels),) = valid.evaluation_batches(
        2000, Augmentation(0, False, 0, train.mean, train.std)
    )
    assert images.shape == (359, 8, 8, 1) and set(labels.numpy()) == set(range(10))


@pytest.mark.parametrize("split, count", [("train", 10), ("test", 3)])
@pytest.mark.parametrize(
    "options",
    [{}, {"held_bytes": 10**6}, {"image_size": None}],
    ids=["streamed", "held", "in memory"],
)
def test_damaged_files(tmp_path, split, count, options, caplog):
    for name in ("train", "valid"):
        for value, kind in (("a", "JPEG"), ("b", "PNG")):
            (tmp_path / name / value).mkdir(parents=True)
            for number in range(count // 2 + 1):
                path = tmp_path / name / value / f"{number}.{kind.lower()}"
                Image.effect_noise((20, 20), 90).convert("RGB").save(path, kind)
        jpeg, png = (tmp_path / name / path for path in ("a/1.jpeg", "b/0.png"))
        jpeg.write_bytes(jpeg.read_bytes()[:-200])
        png.write_bytes(b"no image")
    total = 2 * (count // 2 + 1)
    found = f"2 of {total} images cannot be read, the first is .*/a/1.jpeg; repair"
    with pytest.raises(
        DataError, match=f"{found}.* or give `skip_damaged=True`"
    ) as error:
        open_split(tmp_path, split, **options)
    assert "\n" not in str(error.value)
    stream = open_split(tmp_path, split, skip_damaged=True, **options)
    assert f"2 of {total} images cannot be read" in caplog.text
    assert stream.num_examples == total - 2
    result = batches(stream, total - 2, passes=(0, 3))
    assert [len(labels) for _, labels in result] == [total - 2] * 3
    ((_, labels),) = stream.evaluation_batches(50, LARGE).as_numpy_iterator()
    assert labels.sum() == total // 2 - 1


def test_shortage_of_memory_skips_no_image(split_folder, monkeypatch):
    decode = damage.decode_coarsely

    def decode_some(picture, channels):
        def check(picture):
            if picture.numpy() == large:
                raise MemoryError
            return picture

        return decode(tf.py_function(check, [picture], tf.string), channels)

    large = (split_folder / "train" / "cat" / "03.png").read_bytes()
    monkeypatch.setattr(damage, "decode_coarsely", decode_some)
    for content in (None, b"no image"):
        if content:
            (split_folder / "train" / "ant" / "08.png").write_bytes(content)
        with pytest.raises(DataError, match="not enough memory"):
            open_split(split_folder, skip_damaged=True)


def test_image_of_too_many_pixels_counts_as_damaged(split_folder, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_PIXELS", 200)
    Image.new("RGB", (11, 20)).save(split_folder / "train" / "ant" / "large.png")
    found = r"1 of 13 images cannot be read, .*ant/large\.png; .* at most .* pixels"
    with pytest.raises(DataError, match=found):
        open_split(split_folder)
    assert open_split(split_folder, skip_damaged=True).num_examples == 12


@pytest.mark.parametrize("image_size", [8, None], ids=["streamed", "in memory"])
def test_names_of_files_need_be_no_text(tmp_path, image_size):
    for name in (b"a", b"b"):
        (tmp_path / os.fsdecode(name)).mkdir()
        for number in range(2):
            path = tmp_path / os.fsdecode(name) / os.fsdecode(b"\xff%d.png" % number)
            Image.new("RGB", (8, 8), (10 * number,) * 3).save(path)
    stream = open_split(tmp_path, image_size=image_size)
    assert len(batches(stream, 2)) == 1 and stream.checksum()


def test_nothing_but_damaged_files(tmp_path):
    for path in (tmp_path / "train" / "a", tmp_path / "train" / "b", tmp_path / "val"):
        path.mkdir(parents=True)
        (path / "0.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"2 of 2 images .* none is left"):
        open_split(tmp_path, skip_damaged=True)


def test_missing_validation_folder(tmp_path):
    make_classes(tmp_path / "train")
    with pytest.raises(DataError, match="none called validation, valid, val, test"):
        open_split(tmp_path)


def test_strange_class_in_validation(split_folder):
    make_classes(split_folder / "val", (0, 0, 1))
    with pytest.raises(DataError, match="class dog that the training images do not"):
        open_split(split_folder, "test")


def test_various_sizes_need_image_size(split_folder):
    with pytest.raises(DataError, match=r"different sizes .* `image_size`"):
        open_split(split_folder, image_size=None)


def test_unknown_split(split_folder):
    with pytest.raises(ValueError, match=r"split.*'train' or 'test'"):
        open_split(split_folder, "dev")


def test_all_digits():
    stream = open_images("digits", split="whole")
    images, labels = stream.contents()
    assert stream.name == "digits"
    assert images.shape == (1797, 8, 8, 1)
    assert np.unique(images).tolist()[::16] == [0, 255]
    assert np.bincount(labels).min() > 170
    assert stream.class_names == tuple("0123456789")


def test_digits_at_another_size():
    stream = open_images("digits", split="whole", image_size=12)
    assert stream.num_examples == 1797 and stream.image_shape == (12, 12, 1)


def test_cifar10_loads_in_seconds(data_folder):
    start = time.perf_counter()
    stream = open_images("cifar10", str(data_folder), "whole")
    # Two seconds on two cores, and room for a busy machine.
    assert time.perf_counter() - start < 15
    images, _ = stream.contents()
    assert images.shape == (50000, 32, 32, 3)
    assert (stream.mean, stream.std) == CHANNEL_STATISTICS["cifar10"]
    assert stream.channel_statistics() == CHANNEL_STATISTICS["cifar10"]
    np.testing.assert_allclose(images.mean((0, 1, 2)) / 255, stream.mean, atol=0.01)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of images called cifar10, in the working and in the home directory."""
    for name in ("a", "b"):
        (tmp_path / "cifar10" / name).mkdir(parents=True)
        Image.new("RGB", (6, 4)).save(tmp_path / "cifar10" / name / "0.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "cifar10"


@pytest.mark.parametrize("name", ["cifar10", "./cifar10", "~/cifar10"])
def test_folder(folder, name):
    stream = open_images(name, split="whole")
    assert stream.num_examples == 2 and stream.image_shape == (4, 6, 3)


def test_folder_or_tfds(folder, data_folder):
    stream = open_images("./cifar10", str(data_folder), "whole")
    assert stream.class_names == ("a", "b")
    stream = open_images("cifar10", str(data_folder), split="test")
    assert len(stream.class_names) == 10


def test_missing_folder():
    with pytest.raises(DataError, match="neither digits, nor a folder, nor the name"):
        open_images("./no/such-folder", split="whole")


def test_whole_folder(split_folder):
    """Its training images, if it says which those are, else all."""
    assert open_split(split_folder, "whole").num_examples == 12
    assert open_split(split_folder / "val", "whole").num_examples == 5
    shutil.rmtree(split_folder / "val")
    assert open_split(split_folder, "whole").num_examples == 12


def test_held_images_are_those_that_are_streamed(split_folder):
    noise = Image.effect_noise((40, 30), 90).convert("RGB")
    noise.save(split_folder / "train" / "ant" / "noise.jpeg")
    for held_bytes, in_memory in ((13 * 8 * 8 * 3, True), (13 * 8 * 8 * 3 - 1, False)):
        stream = open_split(split_folder, held_bytes=held_bytes)
        assert stream.in_memory == in_memory
        result = batches(stream, passes=(0, 2))
        if in_memory:
            held, statistics = result, stream.channel_statistics()
    assert_equal(held, result)
    assert stream.channel_statistics() == statistics
