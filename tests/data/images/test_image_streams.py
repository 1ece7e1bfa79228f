import os
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from darts_tf.data.images import image_streams
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_dataset import ImageDataset
from darts_tf.data.images.image_sources import MemorySource
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.data.images.opening import open_images
from tests.data.images.image_folders import (
    LARGE,
    PLAIN,
    assert_equal,
    batches,
    make_splits,
    numbers,
    open_split,
)


@pytest.fixture
def split_folder(tmp_path):
    """Training images 0 to 11, validation images 12 to 16."""
    return make_splits(tmp_path)


def test_epochs_are_whole_and_differ(split_folder):
    result = batches(open_split(split_folder), batch_size=5, passes=(0, 3))
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


def test_shares_of_workers_make_up_the_batches(split_folder):
    """Two workers with two replicas each, which begin within a pass."""
    stream = open_split(split_folder)

    def read(input_context=None):
        dataset = stream.training_batches(4, PLAIN, 0, 2, 7, input_context)
        return list(dataset.as_numpy_iterator())

    workers = [read(tf.distribute.InputContext(2, worker, 4)) for worker in range(2)]
    whole = read()
    assert len(whole) == 5
    for step, batch in enumerate(whole):
        shares = [s for shares in workers for s in shares[2 * step : 2 * step + 2]]
        assert_equal([batch], [[np.concatenate(part) for part in zip(*shares)]])


def test_evaluation_keeps_all_images_in_order(split_folder):
    stream = open_split(split_folder, "test")
    for augmentation in (PLAIN, LARGE):
        result = list(stream.evaluation_batches(2, augmentation).as_numpy_iterator())
        assert [len(labels) for _, labels in result] == [2, 2, 1]
        # Ants first.
        assert numbers(result) == [15, 16, 12, 13, 14]
        assert [label for _, labels in result for label in labels] == [0, 0, 1, 1, 1]


def test_statistics_of_a_folder(split_folder):
    stream = open_split(split_folder)
    values = np.arange(12) * 10 / 255
    np.testing.assert_allclose(stream.mean, [values.mean()] * 3, rtol=1e-6)
    np.testing.assert_allclose(stream.std, [values.std()] * 3, rtol=1e-6)


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


def test_too_few_images(split_folder):
    with pytest.raises(DataError, match=r"12 images to train, .* `batch_size`=13"):
        batches(open_split(split_folder), 13)


def in_memory(images, labels, class_names=("a", "b")):
    dataset = ImageDataset("x", images, np.int32(labels), class_names)
    return ImageStream("x", MemorySource(dataset), images.shape[1:])


def test_memory_is_evaluated_in_order():
    images = np.zeros((10, 4, 4, 1), "uint8") + np.uint8(range(10))[:, None, None, None]
    stream = in_memory(images, np.arange(10) % 2)
    plain = Augmentation(0, False, 0, (0.0,), (1 / 255,))
    result = list(stream.evaluation_batches(4, plain).as_numpy_iterator())
    assert [len(labels) for _, labels in result] == [4, 4, 2]
    shown = np.concatenate([images for images, _ in result])[:, 0, 0, 0]
    assert np.rint(shown).tolist() == list(range(10))


def test_statistics_of_all_that_are_in_memory():
    images = np.random.default_rng(0).integers(0, 256, (1200, 2, 2, 2), "uint8")
    stream = in_memory(images, np.arange(1200) % 2)
    mean, std = stream.channel_statistics()
    np.testing.assert_allclose(mean, (images / 255).mean((0, 1, 2)), rtol=1e-12)
    np.testing.assert_allclose(std, (images / 255).std((0, 1, 2)), rtol=1e-12)
    assert (stream.mean, stream.std) == stream.channel_statistics(1000) != (mean, std)


def test_split_is_disjoint_and_fixed_by_the_seed():
    # Each image is marked with its number.
    marks = np.arange(1000)
    marked = np.stack([marks // 256, marks % 256], -1).astype("uint8")
    marked = in_memory(marked[:, None, None], marks % 2)
    numbers = [
        [
            set((next(half.contents()).reshape(-1, 2) @ [256, 1]).tolist())
            for half in halves
        ]
        for halves in (marked.split(0.29, seed) for seed in (0, 0, 1))
    ]
    train, valid = numbers[0]
    assert len(train) == 290 and not train & valid
    assert train | valid == set(range(1000))
    assert numbers[0] == numbers[1] != numbers[2]


def test_split_keeps_labels_with_images():
    digits = open_images("digits", split="whole")
    of = {image.tobytes(): label for image, label in zip(*digits.contents())}
    for half in digits.split(0.5, seed=3):
        for image, label in zip(*half.contents()):
            assert of[image.tobytes()] == label


def test_split_of_files_without_the_damaged(split_folder):
    for name in ("ant/08.png", "cat/00.png"):
        (split_folder / "train" / name).write_bytes(b"no image")
    stream = open_split(split_folder, skip_damaged=True)
    halves = stream.split(0.5, seed=1)
    shown = [numbers(batches(half, 5, seed=2)) for half in halves]
    assert sorted(shown[0] + shown[1]) == [n for n in range(12) if n not in (0, 8)]
    again = [numbers(batches(half, 5, seed=2)) for half in stream.split(0.5, seed=1)]
    assert shown == again
    sums = {images.checksum() for images in (stream, *halves)}
    assert len(sums) == 3
