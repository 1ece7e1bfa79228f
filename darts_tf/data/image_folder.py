"""Images from a folder with one folder of image files for each class."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from darts_tf.data.decoding import DataError, allocate, fit

# What `tf.io.decode_image` reads.
_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")


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
    files = _list_files(Path(folder))
    paths = [path for paths in files.values() for path in paths]
    labels = np.repeat(
        np.arange(len(files), dtype=np.int32), list(map(len, files.values()))
    )
    return _read_files(folder, paths, image_size), labels, tuple(files)


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


def _read_files(folder, paths, image_size):
    def read(path):
        image = tf.io.decode_image(
            tf.io.read_file(path), channels=3, expand_animations=False
        )
        return fit(image, image_size) if image_size else image

    dataset = tf.data.Dataset.from_tensor_slices([str(path) for path in paths])
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
