import dataclasses

import numpy as np
import pytest

from darts_tf.data.images import batches
from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.decoding import DataError
from darts_tf.data.images.image_dataset import ImageDataset
from darts_tf.data.images.image_sources import MemorySource
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.limits import MAX_BATCH_SIZE, MAX_COUNT

PLAIN = Augmentation(0, False, 0, (0.0,), (1 / 255,))
RANDOM = dataclasses.replace(PLAIN, crop_padding=1, flip=True, cutout=2)


def make_half(count, first=0):
    """Images that all show their number."""
    images = np.zeros((count, 4, 4, 1), "uint8")
    images += np.arange(first, first + count, dtype="uint8")[:, None, None, None]
    class_names = tuple(str(number) for number in range(count))
    return in_memory(images, np.arange(count, dtype="int32"), class_names)


def in_memory(*contents):
    dataset = ImageDataset("x", *contents)
    return ImageStream("x", MemorySource(dataset), dataset.images.shape[1:])


def steps(first, last, augmentation=PLAIN, seed=0, counts=(23, 10), batch_size=4):
    halves = make_half(counts[0]), make_half(counts[1], first=100)
    dataset = batches.search_batches(
        *halves, batch_size, augmentation, seed, first, last
    )
    return list(dataset.as_numpy_iterator())


def numbers(*batches):
    images = np.concatenate([images for images, _ in batches])
    return np.rint(images[:, 0, 0, 0]).astype(int).tolist()


def trains(steps):
    return [train for train, _ in steps]


def test_each_pass_takes_each_image_at_most_once():
    result = steps(0, 10)
    assert len(result) == 10
    passes = [numbers(*trains(result[a : a + 5])) for a in (0, 5)]
    for images in passes:
        assert len(set(images)) == 20 and set(images) <= set(range(23))
    assert passes[0] != passes[1] and set(passes[0]) != set(passes[1])


def test_the_shorter_half_starts_again():
    valid = [numbers(valid) for _, valid in steps(0, 6)]
    for a in (0, 2, 4):
        images = valid[a] + valid[a + 1]
        assert len(set(images)) == 8 and set(images) <= set(range(100, 110))


def test_the_longest_search_there_can_be():
    images = np.zeros((MAX_BATCH_SIZE, 1, 1, 1), "uint8")
    half = in_memory(images, np.zeros(len(images), "int32"), ("a", "b"))
    last = MAX_COUNT**2
    batches.search_batches(half, half, MAX_BATCH_SIZE, PLAIN, 0, 0, last)
    batches.search_batches(half, half, MAX_BATCH_SIZE, PLAIN, 0, last - 1, last)


def test_labels_belong_to_the_images():
    for train, valid in steps(0, 5):
        assert train[1].tolist() == numbers(train)
        assert (valid[1] + 100).tolist() == numbers(valid)
        assert train[0].dtype == np.float32 and train[1].dtype == np.int32


@pytest.mark.parametrize("start", [1, 4, 5, 7, 12])
def test_continued_at_any_step(start):
    whole, rest = steps(0, 14, RANDOM), steps(start, 14, RANDOM)
    assert len(rest) == 14 - start
    for expected, got in zip(whole[start:], rest, strict=True):
        for half in (0, 1):
            for a, b in zip(expected[half], got[half], strict=True):
                np.testing.assert_array_equal(a, b)


def test_seeds_and_halves_differ():
    same = (8, 8)
    first, second = (steps(0, 2, seed=seed, counts=same) for seed in (0, 1))
    order = numbers(*trains(first))
    assert order != [number - 100 for number in numbers(*(v for _, v in first))]
    assert order != numbers(*trains(second))


def test_another_change_in_every_pass():
    images = {}
    for train, _ in steps(0, 20, RANDOM, counts=(4, 4)):
        for image, label in zip(*train):
            images.setdefault(int(label), set()).add(image.tobytes())
    assert all(len(changes) > 5 for label, changes in images.items() if label)


def test_too_few_images():
    with pytest.raises(DataError, match="3 images to train alpha"):
        steps(0, 1, counts=(8, 3))
