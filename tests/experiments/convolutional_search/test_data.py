import dataclasses

import numpy as np
import pytest
from PIL import Image

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_dataset import ImageDataset
from darts_tf.data.images.image_sources import MemorySource
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.experiments import halved_images
from darts_tf.experiments.convolutional_search.config import SearchConfig
from darts_tf.experiments.convolutional_search.data import SearchData

CONFIG = SearchConfig(dataset="digits", batch_size=300, epochs=4)
STREAMED = pytest.mark.parametrize("held_bytes", [0, 2**30], ids=["streamed", "held"])


@pytest.fixture
def photographs(tmp_path):
    """A configuration for a folder of 30 images of noise, of many sizes."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(15):
            image = Image.effect_noise((10 + number, 20), 90).convert("RGB")
            image.save(tmp_path / name / f"{number:02}.jpeg")
    return SearchConfig(
        dataset=str(tmp_path), image_size=8, batch_size=4, epochs=3, steps_per_epoch=2
    )


def elements(batches):
    return [[*train, *valid] for train, valid in batches.as_numpy_iterator()]


def assert_equal(expected, got):
    for old, new in zip(expected, got, strict=True):
        for a, b in zip(old, new, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("steps_per_epoch", [None, 1, 3])
def test_a_continued_search_sees_the_same(steps_per_epoch):
    """Also where an epoch ends within a pass over the images."""
    data = SearchData(dataclasses.replace(CONFIG, steps_per_epoch=steps_per_epoch))
    steps = steps_per_epoch or 2
    assert data.steps_per_epoch == steps
    whole = elements(data.training_batches(0))
    assert len(whole) == 4 * steps
    assert_equal(whole[3 * steps :], elements(data.training_batches(3)))


@STREAMED
def test_a_continued_search_of_photographs(photographs, held_bytes, monkeypatch):
    monkeypatch.setattr(halved_images, "HELD_BYTES", held_bytes)
    data = SearchData(photographs)
    assert data.train.in_memory == data.valid.in_memory == (held_bytes > 0)
    whole = elements(data.training_batches(0))
    assert len(whole) == 6
    assert_equal(whole[2:], elements(SearchData(photographs).training_batches(1)))


def test_streamed_and_held_photographs_are_the_same(photographs, monkeypatch):
    held = SearchData(photographs)
    monkeypatch.setattr(halved_images, "HELD_BYTES", 0)
    streamed = SearchData(photographs)
    assert streamed.description() == held.description()
    for first in (0, 2):
        expected = elements(held.training_batches(first))
        assert_equal(expected, elements(streamed.training_batches(first)))
    expected, got = (
        list(data.validation_batches().as_numpy_iterator()) for data in (held, streamed)
    )
    assert_equal(expected, got)


@STREAMED
def test_damaged_photographs(photographs, held_bytes, tmp_path, monkeypatch):
    monkeypatch.setattr(halved_images, "HELD_BYTES", held_bytes)
    (tmp_path / "a" / "03.jpeg").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"1 of 30 .*a/03\.jpeg; .*`skip_damaged=True`"):
        SearchData(photographs)
    data = SearchData(dataclasses.replace(photographs, skip_damaged=True))
    assert data.train.num_examples + data.valid.num_examples == 29
    assert len(elements(data.training_batches(0))) == 6


def test_validation_is_as_long_as_an_epoch():
    def lengths(**changes):
        data = SearchData(dataclasses.replace(CONFIG, **changes))
        return [len(labels) for _, labels in data.validation_batches()]

    assert lengths() == [300, 300, 299]
    assert lengths(steps_per_epoch=2) == [300, 300]
    assert lengths(steps_per_epoch=2, validation_steps=1) == [300]


def test_augmentation():
    def augmentation(**changes):
        return SearchData(dataclasses.replace(CONFIG, **changes)).augmentation

    data = SearchData(CONFIG)
    assert data.augmentation == Augmentation(1, False, 0, data.mean, data.std)
    assert augmentation(crop_padding=0).crop_padding == 0
    assert augmentation(flip=True).flip
    assert augmentation(cutout=True).cutout == 16


def test_too_few_images():
    with pytest.raises(DataError, match="898 images to train w, fewer than"):
        SearchData(dataclasses.replace(CONFIG, batch_size=899))


def changed(stream, change):
    """A stream whose images and labels `change` has got, and may have changed."""
    images, labels = (array.copy() for array in stream.contents())
    change(images, labels)
    dataset = ImageDataset(stream.name, images, labels, stream.class_names)
    return ImageStream(stream.name, MemorySource(dataset), stream.image_shape)


def test_labels_and_classes_are_part_of_data():
    data = SearchData(CONFIG)
    before = data.fingerprint()

    def reverse(images, labels):
        labels[:] = labels[::-1].copy()

    data.train = changed(data.train, reverse)
    data.class_names = data.class_names[::-1]
    after = data.fingerprint()
    differ = {key for key in before if before[key] != after[key]}
    assert differ == {"checksum of the images", "class_names"}


def test_data_are_told_apart():
    data = SearchData(CONFIG)
    before = data.fingerprint()
    assert SearchData(CONFIG).fingerprint() == before

    def change_a_pixel(images, labels):
        images[0, 0, 0] ^= 1

    data.valid = changed(data.valid, change_a_pixel)
    after = data.fingerprint()
    assert {k for k in before if before[k] != after[k]} == {"checksum of the images"}


def test_the_fingerprint_of_earlier_versions():
    """Of the pixels and labels of both halves in turn, whose sum they wrote."""
    found = SearchData(CONFIG).fingerprint()["checksum of the images"]
    assert found == 604020001


def test_a_search_on_one_half_parts_that():
    whole, first, second = (
        SearchData(dataclasses.replace(CONFIG, half=half, batch_size=100, seed=seed))
        for half, seed in (("both", 2), ("first", 2), ("second", 5))
    )
    counts = [x.train.num_examples + x.valid.num_examples for x in (first, second)]
    assert sum(counts) == whole.train.num_examples + whole.valid.num_examples == 1797
    pictures = [
        {x.tobytes() for stream in (data.train, data.valid) for x in images(stream)}
        for data in (first, second)
    ]
    assert not pictures[0] & pictures[1]


def images(stream):
    """The pictures of a stream in memory."""
    return next(iter(stream.contents()))
