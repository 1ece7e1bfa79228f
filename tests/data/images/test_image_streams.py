import os
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from darts_tf.data.images import damage, decoding, image_streams
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_streams import open_images
from darts_tf.data.images.large_images import LargeImageAugmentation

# Images keep their values; those of a large recipe are changed.
PLAIN = Augmentation(0, False, 0, (0.0,) * 3, (1 / 255,) * 3)
LARGE = LargeImageAugmentation((0.0,) * 3, (1 / 255,) * 3)


def make_classes(path, counts=(7, 5), first=0, kind="png"):
    """Images of one value each, of many sizes; the value is 10 * number."""
    number = first
    for name, count in zip(("cat", "ant", "dog"), counts):
        (path / name).mkdir(parents=True, exist_ok=True)
        for _ in range(count):
            size = (9 + number % 3, 12 - number % 4)
            image = Image.new("RGB", size, (10 * number,) * 3)
            image.save(path / name / f"{number:02}.{kind}")
            number += 1
    return path


def open_split(path, split="train", **options):
    return open_images(str(path), None, split, **{"image_size": 8, **options})


@pytest.fixture
def split_folder(tmp_path):
    """Training images 0 to 11, validation images 12 to 16."""
    make_classes(tmp_path / "train")
    make_classes(tmp_path / "val", (3, 2), first=12)
    return tmp_path


def batches(stream, batch_size=4, augmentation=PLAIN, seed=0, epochs=(0, 1)):
    dataset = stream.training_batches(batch_size, augmentation, seed, *epochs)
    return list(dataset.as_numpy_iterator())


def numbers(batches):
    images = np.concatenate([images for images, _ in batches])
    return np.rint(images[:, 4, 4, 0] / 10).astype(int).tolist()


def assert_equal(expected, got):
    assert len(expected) == len(got)
    for pair in zip(expected, got):
        for a, b in zip(*pair):
            np.testing.assert_array_equal(a, b)


def test_attributes(split_folder):
    stream = open_split(split_folder)
    assert stream.name == str(split_folder)
    assert stream.class_names == ("ant", "cat")
    assert stream.num_examples == 12 and stream.image_shape == (8, 8, 3)
    assert open_split(split_folder, "test").num_examples == 5


def test_epochs_are_whole_and_differ(split_folder):
    result = batches(open_split(split_folder), batch_size=5, epochs=(0, 3))
    assert len(result) == 6
    epochs = [numbers(result[begin : begin + 2]) for begin in (0, 2, 4)]
    for epoch in epochs:
        assert len(set(epoch)) == 10 and set(epoch) <= set(range(12))
    assert epochs[0] != epochs[1] != epochs[2]
    for images, labels in result:
        assert images.dtype == np.float32 and labels.dtype == np.int32
        # Numbers below 7 are cats.
        np.testing.assert_array_equal(labels, np.rint(images[:, 4, 4, 0]) < 70)


@pytest.mark.parametrize("image_size", [8, None], ids=["streamed", "in memory"])
@pytest.mark.parametrize("augmentation", [PLAIN, LARGE], ids=["small", "large"])
def test_continued_equals_uninterrupted(tmp_path, image_size, augmentation):
    for name, value in (("a", 50), ("b", 150)):
        (tmp_path / name).mkdir()
        for number in range(6):
            image = Image.effect_noise((10, 9), value).convert("RGB")
            image.save(tmp_path / name / f"{number}.png")
    stream = open_split(tmp_path, image_size=image_size)
    tf.random.set_seed(1)
    whole = batches(stream, 4, augmentation, 3, (0, 4))
    tf.random.set_seed(2)
    rest = batches(stream, 4, augmentation, 3, (2, 4))
    assert_equal(whole[-len(rest) :], rest)
    assert len(whole) == 2 * len(rest) == 8
    other = batches(stream, 4, augmentation, 4, (2, 4))
    assert any((a[0] != b[0]).any() for a, b in zip(rest, other))


def test_evaluation_keeps_all_images_in_order(split_folder):
    stream = open_split(split_folder, "test")
    for augmentation in (PLAIN, LARGE):
        result = list(stream.evaluation_batches(2, augmentation).as_numpy_iterator())
        assert [len(labels) for _, labels in result] == [2, 2, 1]
        # Ants first.
        assert numbers(result) == [15, 16, 12, 13, 14]
        assert [label for _, labels in result for label in labels] == [0, 0, 1, 1, 1]


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


def test_statistics_of_a_folder(split_folder):
    stream = open_split(split_folder)
    values = np.arange(12) * 10 / 255
    np.testing.assert_allclose(stream.mean, [values.mean()] * 3, rtol=1e-6)
    np.testing.assert_allclose(stream.std, [values.std()] * 3, rtol=1e-6)


def test_classes_that_validation_lacks(split_folder):
    make_classes(split_folder / "train", (0, 0, 1), first=20)
    assert open_split(split_folder).class_names == ("ant", "cat", "dog")
    stream = open_split(split_folder, "test")
    assert stream.class_names == ("ant", "cat", "dog")


def test_digits():
    train, valid = (open_images("digits", split=split) for split in ("train", "test"))
    assert train.num_examples + valid.num_examples == 1797
    assert train.image_shape == (8, 8, 1) and len(train.class_names) == 10
    ((images, labels),) = valid.evaluation_batches(
        2000, Augmentation(0, False, 0, train.mean, train.std)
    )
    assert images.shape == (359, 8, 8, 1) and set(labels.numpy()) == set(range(10))


@pytest.mark.parametrize("split, count", [("train", 10), ("test", 3)])
@pytest.mark.parametrize("image_size", [8, None], ids=["streamed", "in memory"])
def test_damaged_files(tmp_path, split, count, image_size, caplog):
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
        open_split(tmp_path, split, image_size=image_size)
    assert "\n" not in str(error.value)
    stream = open_split(tmp_path, split, image_size=image_size, skip_damaged=True)
    assert f"2 of {total} images cannot be read" in caplog.text
    assert stream.num_examples == total - 2
    result = batches(stream, total - 2, epochs=(0, 3))
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


def change_name(folder):
    (folder / "ant" / "07.png").rename(folder / "ant" / "7.png")


def change_class(folder):
    (folder / "ant" / "07.png").rename(folder / "cat" / "07.png")


def remove_one(folder):
    (folder / "cat" / "03.png").unlink()


def add_one(folder):
    shutil.copy(folder / "cat" / "03.png", folder / "cat" / "3.png")


def change_size(folder):
    Image.new("RGB", (9, 9)).save(folder / "cat" / "03.png", compress_level=0)


@pytest.mark.parametrize(
    "change", [change_name, change_class, remove_one, add_one, change_size]
)
def test_checksum_of_changed_files(split_folder, change, monkeypatch):
    # As if the pixels that count were the same before and after.
    monkeypatch.setattr(image_streams, "_SAMPLE", 1)
    for path in split_folder.rglob("*.png"):
        Image.new("RGB", (9, 9)).save(path)
    before = open_split(split_folder).checksum()
    change(split_folder / "train")
    assert open_split(split_folder).checksum() != before


@pytest.mark.parametrize("image_size", [8, None], ids=["streamed", "in memory"])
def test_checksum_of_changed_pixels(tmp_path, image_size):
    sums = set()
    for value in (1, 2):
        for name in ("a", "b"):
            for number in range(5):
                path = tmp_path / name / f"{number}.bmp"
                path.parent.mkdir(exist_ok=True)
                Image.new("RGB", (9, 9), (value,) * 3).save(path)
        sums.add(open_split(tmp_path, image_size=image_size).checksum())
    assert len(sums) == 2


def test_checksum_is_that_of_a_copy(split_folder, tmp_path):
    copy = shutil.copytree(split_folder, tmp_path / "another" / "place")
    os.utime(copy / "train" / "cat" / "00.png", (0, 0))
    sums = {open_split(path).checksum() for path in (split_folder, copy)}
    assert len(sums) == 1


def test_nothing_but_damaged_files(tmp_path):
    for path in (tmp_path / "train" / "a", tmp_path / "train" / "b", tmp_path / "val"):
        path.mkdir(parents=True)
        (path / "0.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"2 of 2 images .* none is left"):
        open_split(tmp_path, skip_damaged=True)


def test_too_few_images(split_folder):
    with pytest.raises(DataError, match=r"12 images to train, .* `batch_size`=13"):
        batches(open_split(split_folder), 13)


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
