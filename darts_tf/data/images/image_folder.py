"""Images from a folder with one folder of image files for each class."""

import dataclasses
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from darts_tf.data.images.decoding import (
    READABLE,
    DamagedImageError,
    DataError,
    allocate,
    check_is_damage,
    decode,
    fit,
    of_bounded_size,
)
from darts_tf.limits import MAX_IMAGE_BYTES

# What `tf.io.decode_image` reads.
_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")


@dataclasses.dataclass(frozen=True)
class ImageFiles:
    """Image files with one class each.

    Attributes:
        folder: What errors name as `dataset`.
        paths: Path of each file, `folder/class/file`.
        sizes: Array of int64, the bytes of each file; -1 where a link leads nowhere.
        labels: Array of int32, the class of each file.
        class_names: Name of each label.
    """

    folder: str
    paths: tuple[str, ...]
    sizes: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]

    def take(self, indices: np.ndarray) -> "ImageFiles":
        """Returns the files at `indices`."""
        paths = tuple(self.paths[index] for index in indices)
        sizes, labels = self.sizes[indices], self.labels[indices]
        return dataclasses.replace(self, paths=paths, sizes=sizes, labels=labels)


def list_image_folder(folder: str | os.PathLike) -> ImageFiles:
    """Lists the images of all classes, both in alphabetical order.

    Args:
        folder: Path. Hidden folders in it are no classes.

    Returns:
        `ImageFiles`.

    Raises:
        DataError: If there are fewer than two classes, if one is without images or has
            a name that is no text, or if what is called an image is no file.
    """
    files = _list_files(Path(folder))
    paths = tuple(str(path) for paths in files.values() for path in paths)
    sizes = np.array([_size_of_file(path) for path in paths], np.int64)
    counts = [len(paths) for paths in files.values()]
    labels = np.repeat(np.arange(len(files), dtype=np.int32), counts)
    return ImageFiles(str(folder), paths, sizes, labels, tuple(files))


def list_validation_folder(
    folder: str | os.PathLike, class_names: Sequence[str]
) -> ImageFiles:
    """Lists as `list_image_folder`, with the classes of the training images.

    Raises:
        DataError: Also if there is a class that those do not have.
    """
    files = list_image_folder(folder)
    strange = sorted(set(files.class_names) - set(class_names))
    if strange:
        raise DataError(
            f"`dataset`: {folder} has a class {strange[0]} that the training images do "
            "not have; rename or remove it."
        )
    tokens = np.int32([class_names.index(name) for name in files.class_names])
    return dataclasses.replace(
        files, labels=tokens[files.labels], class_names=tuple(class_names)
    )


def _list_files(folder):
    """Returns the sorted files of each class."""
    try:
        classes = sorted(
            path
            for path in folder.iterdir()
            if path.is_dir() and not path.name.startswith(".")
        )
        files = {
            path.name: sorted(
                file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES
            )
            for path in classes
        }
    except OSError as error:
        raise DataError(f"`dataset`={folder} cannot be read: {error}.") from error
    if len(files) < 2:
        raise DataError(
            f"`dataset`={folder} has {len(files)} folder(s) in it; one folder of "
            "images for each of at least 2 classes is needed."
        )
    for name, images in files.items():
        if not images:
            raise DataError(
                f"`dataset`={folder}: there is no image in its folder {name}; add "
                f"some ({', '.join(_SUFFIXES)}), or remove the folder."
            )
        _check_is_text(folder / name)
    return files


def _check_is_text(path):
    """Refuses the name of a class that files about a run cannot hold."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"`dataset`: the name of {os.fsencode(path)} is not in UTF-8; rename the "
            "folder."
        ) from error


def _size_of_file(path):
    """Returns the bytes of a file, -1 for a link that leads nowhere.

    Reading anything else, such as a pipe or a device, might never end.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return -1
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error}.") from error
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_IMAGE_BYTES:
        raise DataError(
            f"{path} is no image file: a file of at most {MAX_IMAGE_BYTES:,} bytes is "
            "expected; remove or rename it."
        )
    return status.st_size


def read_files(files: ImageFiles, image_size: int | None) -> np.ndarray:
    """Reads image files into one array.

    Keras' `image_dataset_from_directory` does not say which file is broken, and it
    scales without antialiasing.

    Args:
        files: `ImageFiles`.
        image_size: Height and width in pixels, or `None` for the images' own.

    Returns:
        uint8 array of shape `(files, height, width, 3)`.

    Raises:
        DamagedImageError: If a file is damaged.
        DataError: If the images are of different sizes, or the memory does not suffice.
    """

    def read(path):
        image = decode(of_bounded_size(tf.io.read_file(path)), 3)
        return fit(image, image_size) if image_size else image

    folder, paths = files.folder, files.paths
    dataset = tf.data.Dataset.from_tensor_slices([os.fsencode(path) for path in paths])
    decoded = dataset.map(read, tf.data.AUTOTUNE, deterministic=True)
    decoded = decoded.as_numpy_iterator()
    images = (
        allocate(folder, len(paths), (image_size, image_size, 3))
        if image_size
        else None
    )
    for index, path in enumerate(paths):
        try:
            image = next(decoded)
        except tf.errors.OpError as error:
            check_is_damage(error, path)
            raise DamagedImageError(
                f"{path} cannot be read as an image ({READABLE}); repair or remove it."
            ) from error
        if images is None:
            images = allocate(folder, len(paths), image.shape)
        if image.shape != images.shape[1:]:
            raise DataError(
                f"`dataset`={folder} has images of different sizes ({path} is "
                f"{_size(image)}, {paths[0]} is {_size(images[0])}); give `image_size`."
            )
        images[index] = image
    return images


def _size(image):
    return f"{image.shape[0]} x {image.shape[1]}"
