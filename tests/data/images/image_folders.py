"""Folders of images that tell their number, and what batches of them show."""

import numpy as np
from PIL import Image

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.data.images.opening import open_images

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


def make_splits(path):
    """Training images 0 to 11, validation images 12 to 16."""
    make_classes(path / "train")
    make_classes(path / "val", (3, 2), first=12)
    return path


def open_split(path, split="train", **options):
    return open_images(str(path), None, split, **{"image_size": 8, **options})


def batches(stream, batch_size=4, augmentation=PLAIN, seed=0, passes=(0, 1)):
    """All batches of some passes over the images."""
    first_step, last_step = (stream.num_examples // batch_size * n for n in passes)
    dataset = stream.training_batches(
        batch_size, augmentation, seed, first_step, last_step
    )
    return list(dataset.as_numpy_iterator())


def numbers(batches, step=10):
    images = np.concatenate([images for images, _ in batches])
    return np.rint(images[:, 4, 4, 0] / step).astype(int).tolist()


def assert_equal(expected, got):
    assert len(expected) == len(got)
    for pair in zip(expected, got):
        for a, b in zip(*pair):
            np.testing.assert_array_equal(a, b)
