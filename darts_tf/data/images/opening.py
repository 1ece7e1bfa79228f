"""Opening of the images that a name stands for: digits, a folder, or a set of TFDS."""

import math
import os
from pathlib import Path

import numpy as np

from darts_tf.data.images import image_folder, tfds_images
from darts_tf.data.images.damage import find_damaged
from darts_tf.data.images.decoding import DamagedImageError, DataError, fit
from darts_tf.data.images.image_dataset import ImageDataset, split_positions
from darts_tf.data.images.image_sources import FileSource, MemorySource
from darts_tf.data.images.image_streams import ImageStream
from darts_tf.data.images.tfds_records import RecordSource
from darts_tf.errors import invalid_value

# Those of validation come first, because not all test images have labels.
_TEST_NAMES = ("validation", "valid", "val", "test")
# Share and seed of the training images, where a set has no others.
_TRAIN_PERCENT, _SPLIT_SEED = 80, 0


def open_images(
    dataset: str,
    data_dir: str | None = None,
    split: str = "train",
    image_size: int | None = None,
    skip_damaged: bool = False,
    held_bytes: int = 0,
) -> ImageStream:
    """Opens the images of a set for one use.

    "test" stands for the validation images of a set if it has some, else for its test
    images, else for a fifth of the others, always the same. "train" stands for those
    that train beside these, and "whole" for all but a set's own validation and test
    images: a search parts them itself.

    Images that all have the same size are held in memory: "digits", TFDS sets of one
    size, and folders without `image_size`. Others are decoded when they are needed;
    opening them reads each of them once, to find those that are damaged.

    Args:
        dataset: "digits", the name of a TFDS image classification set, or a folder
            with one folder of images for each class, or with such folders in its
            folders `train` and `validation` (or `valid`, `val`, `test`). The images of
            a folder get 3 channels.
        data_dir: Folder of TFDS data, or `None` for TFDS' own. If it is given, a
            folder of images is only meant by a name with a slash: a set is often
            searched from within its own data folder.
        split: "whole", "train" or "test".
        image_size: Height and width to which images are brought, in pixels: cropped
            around the centre to a square, then scaled. `None` for their own, if they
            all have the same.
        skip_damaged: Whether images that cannot be read are left out, instead of an
            error.
        held_bytes: Most bytes of pixels that are held in memory of images which are
            decoded otherwise when they are needed. Those of a TFDS set of many sizes
            are never held if damaged ones are skipped.

    Returns:
        `ImageStream`.

    Raises:
        DataError: If the images cannot be had, or some of them are damaged.
    """
    if split not in ("whole", "train", "test"):
        raise invalid_value("split", "'whole', 'train' or 'test'", split)
    if dataset == "digits":
        digits = _read_digits(image_size)
        return _in_memory(digits.take(_part(len(digits.images), split)))
    is_meant = data_dir is None or os.sep in dataset
    if is_meant and os.path.isdir(os.path.expanduser(dataset)):
        return _open_folder(dataset, split, image_size, skip_damaged, held_bytes)
    return _open_tfds(dataset, data_dir, split, image_size, skip_damaged, held_bytes)


def _in_memory(dataset):
    return ImageStream(dataset.name, MemorySource(dataset), dataset.images.shape[1:])


def _read_digits(image_size):
    from sklearn.datasets import load_digits

    digits = load_digits()
    # The digits' values are 0 to 16.
    images = np.uint8(np.round(digits.images * (255 / 16)))[..., None]
    if image_size:
        images = fit(images, image_size).numpy()
    names = tuple(str(name) for name in digits.target_names)
    return ImageDataset("digits", images, np.int32(digits.target), names)


def _part(count, split):
    """Positions of the images of a split, where a set has no splits."""
    if split == "whole":
        return np.arange(count)
    parts = split_positions(count, _TRAIN_PERCENT / 100, _SPLIT_SEED)
    return parts[0 if split == "train" else 1]


def _open_folder(dataset, split, image_size, skip_damaged, held_bytes):
    files = _list_split(Path(os.path.expanduser(dataset)), split)
    shape = (image_size, image_size, 3)
    if image_size and len(files.paths) * math.prod(shape) > held_bytes:
        source = FileSource(files)
        damaged = find_damaged(dataset, source, 3, skip_damaged)
        return ImageStream(dataset, source, shape, damaged)
    try:
        pictures = image_folder.read_files(files, image_size)
    except DamagedImageError:
        damaged = find_damaged(dataset, FileSource(files), 3, skip_damaged)
        files = files.take(np.setdiff1d(np.arange(len(files.paths)), damaged))
        pictures = image_folder.read_files(files, image_size)
    return _in_memory(ImageDataset(dataset, pictures, files.labels, files.class_names))


def _list_split(folder, split):
    """Returns the `ImageFiles` of a split."""
    train = folder / "train"
    # A folder `train` without folders in it is a class of that name.
    if not (train.is_dir() and any(path.is_dir() for path in train.iterdir())):
        files = image_folder.list_image_folder(folder)
        return files.take(_part(len(files.paths), split))
    others = [folder / name for name in _TEST_NAMES if (folder / name).is_dir()]
    if not others and split != "whole":
        raise DataError(
            f"`dataset`={folder} has a folder train, but none called "
            f"{', '.join(_TEST_NAMES)}; add one of them."
        )
    files = image_folder.list_image_folder(train)
    if split != "test":
        return files
    return image_folder.list_validation_folder(others[0], files.class_names)


def _open_tfds(name, data_dir, split, image_size, skip_damaged, held_bytes):
    builder, keys = tfds_images.open_builder(name, data_dir)
    shape = tfds_images.output_shape(name, builder, keys, image_size)
    tfds_images.prepare(name, builder)
    split = _tfds_split(name, builder.info.splits, split)
    held = None not in builder.info.features[keys[0]].shape
    if not held and not skip_damaged:
        count = tfds_images.num_examples(name, builder, split)
        held = count * math.prod(shape) <= held_bytes
    if held:
        contents = tfds_images.read_split(name, builder, keys, split, shape)
        return _in_memory(ImageDataset(name, *contents))
    source = RecordSource(name, builder, keys, split)
    damaged = find_damaged(name, source, shape[-1], skip_damaged)
    return ImageStream(name, source, shape, damaged)


def _tfds_split(name, splits, split):
    """Returns what TFDS calls the split."""
    if "train" not in splits:
        raise tfds_images.no_split(name, "train", splits)
    others = [name for name in _TEST_NAMES if name in splits]
    if split == "whole" or (others and split == "train"):
        return "train"
    if others:
        return others[0]
    cut = f"{_TRAIN_PERCENT}%"
    return f"train[:{cut}]" if split == "train" else f"train[{cut}:]"
