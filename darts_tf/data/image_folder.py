"""Images from a folder with one folder of image files for each class."""

import dataclasses
from pathlib import Path

import numpy as np
import tensorflow as tf

from darts_tf.data.decoding import DataError, allocate, decode, fit

# What `tf.io.decode_image` reads.
_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")


@dataclasses.dataclass(frozen=True)
class ImageFiles:
    """Image files with one class each.

    Attributes:
        folder: What errors name as `--dataset`.
        paths: Path of each file.
        labels: Array of int32, the class of each file.
        class_names: Name of each label.
    """

    folder: str
    paths: tuple[str, ...]
    labels: np.ndarray
    class_names: tuple[str, ...]

    def take(self, indices):
        """Returns the files at `indices`."""
        paths = tuple(self.paths[index] for index in indices)
        return dataclasses.replace(self, paths=paths, labels=self.labels[indices])


def read_image_folder(folder, image_size):
    """Reads all images, classes and files in alphabetical order.

    Keras' `image_dataset_from_directory` does not say which file is broken, and it
    scales without antialiasing.

    Args:
        folder: Path. Hidden folders in it are no classes.
        image_size: Height and width in pixels, or `None` for the images' own.

    Returns:
        Images, always with 3 channels, labels and class names, as in `ImageDataset`.

    Raises:
        DataError: If there are fewer than two classes, or a class or a file is of
            no use.
    """
    files = list_image_folder(folder)
    return read_files(files, image_size), files.labels, files.class_names


def list_image_folder(folder):
    """Lists the images of all classes, both in alphabetical order.

    Args:
        folder: Path. Hidden folders in it are no classes.

    Returns:
        `ImageFiles`.

    Raises:
        DataError: If there are fewer than two classes, or one without images.
    """
    files = _list_files(Path(folder))
    paths = tuple(str(path) for paths in files.values() for path in paths)
    counts = [len(paths) for paths in files.values()]
    labels = np.repeat(np.arange(len(files), dtype=np.int32), counts)
    return ImageFiles(str(folder), paths, labels, tuple(files))


def list_validation_folder(folder, class_names):
    """Lists as `list_image_folder`, with the classes of the training images.

    Raises:
        DataError: Also if there is a class that those do not have.
    """
    files = list_image_folder(folder)
    strange = sorted(set(files.class_names) - set(class_names))
    if strange:
        raise DataError(
            f"--dataset: {folder} has a class {strange[0]} that the training images do "
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
        raise DataError(f"--dataset={folder} cannot be read: {error}.") from error
    if len(files) < 2:
        raise DataError(
            f"--dataset={folder} has {len(files)} folder(s) in it; one folder of "
            "images for each of at least 2 classes is needed."
        )
    for name, images in files.items():
        if not images:
            raise DataError(
                f"--dataset={folder}: there is no image in its folder {name}; add "
                f"some ({', '.join(_SUFFIXES)}), or remove the folder."
            )
    return files


def read_files(files, image_size):
    """Reads image files into one array.

    Args:
        files: `ImageFiles`.
        image_size: Height and width in pixels, or `None` for the images' own.

    Returns:
        uint8 array of shape `(files, height, width, 3)`.

    Raises:
        DataError: If a file is damaged or the images are of different sizes.
    """

    def read(path):
        image = decode(tf.io.read_file(path), 3)
        return fit(image, image_size) if image_size else image

    folder, paths = files.folder, files.paths
    dataset = tf.data.Dataset.from_tensor_slices(list(paths))
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
            raise DataError(
                f"{path} cannot be read as an image; repair or remove it."
            ) from error
        if images is None:
            images = allocate(folder, len(paths), image.shape)
        if image.shape != images.shape[1:]:
            raise DataError(
                f"--dataset={folder} has images of different sizes ({path} is "
                f"{_size(image)}, {paths[0]} is {_size(images[0])}); give --image_size."
            )
        images[index] = image
    return images


def _size(image):
    return f"{image.shape[0]} x {image.shape[1]}"
