"""Labelled images in memory, from scikit-learn, TFDS or a folder.

Random access to all images makes the order of the data a pure function of the seed
and the step, which is what lets an interrupted search continue exactly.
"""

import dataclasses
import difflib
from pathlib import Path

import numpy as np
import psutil
import tensorflow as tf

from darts_tf.errors import UserError

# Published mean and standard deviation of each channel, of values in [0, 1].
CHANNEL_STATISTICS = {
    "cifar10": (
        (0.49139968, 0.48215827, 0.44653124),
        (0.24703233, 0.24348505, 0.26158768),
    )
}
_SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".gif"}


class DataError(UserError):
    """A dataset is missing, damaged or of no use; the message is one line."""


@dataclasses.dataclass(frozen=True)
class ImageDataset:
    """Labelled images.

    Attributes:
        name: What the user called them.
        images: Array of uint8, shape `(count, height, width, channels)`.
        labels: Array of int32, shape `(count,)`.
        class_names: Name of each label.
    """

    name: str
    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]

    def __post_init__(self):
        if self.images.dtype != np.uint8 or self.images.ndim != 4:
            raise ValueError(
                "Received an invalid value for argument `images`, expected uint8 of "
                "shape (count, height, width, channels). Received: "
                f"{self.images.dtype} of shape {self.images.shape}."
            )
        if self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                "Received an invalid value for argument `labels`, expected one for "
                f"each of {len(self.images)} images. Received: {self.labels.shape}."
            )
        if len(self.class_names) < 2:
            raise DataError(
                f"{self.name} has {len(self.class_names)} class(es); at least 2 are "
                "needed."
            )

    def take(self, indices):
        """Returns the images at `indices`."""
        return dataclasses.replace(
            self, images=self.images[indices], labels=self.labels[indices]
        )


def load_images(dataset, data_dir=None, image_size=None, split="train"):
    """Loads all images of a split, in a fixed order.

    Args:
        dataset: "digits", a folder with one folder of images for each class, or the
            name of a TFDS image classification set.
        data_dir: Folder of TFDS data, or `None` for TFDS' own.
        image_size: Height and width to which images are brought: scaled so that the
            shorter side fits, then cropped around the centre. `None` for the
            images' own size, if they all have the same.
        split: Split of a TFDS set.

    Returns:
        `ImageDataset`.

    Raises:
        DataError: If the images cannot be had.
    """
    if dataset == "digits":
        return _load_digits(image_size)
    if Path(dataset).is_dir():
        return _load_folder(Path(dataset), image_size)
    if "/" in dataset and not dataset.replace("/", "").replace("_", "").isalnum():
        raise DataError(f"--dataset={dataset}: there is no such folder.")
    return _load_tfds(dataset, data_dir, image_size, split)


def channel_statistics(dataset):
    """Mean and standard deviation of each channel, of values in [0, 1].

    The published ones where there are any, else those of the images.

    Returns:
        Two tuples of floats.
    """
    if dataset.name in CHANNEL_STATISTICS:
        return CHANNEL_STATISTICS[dataset.name]
    values = dataset.images.reshape(-1, dataset.images.shape[-1]) / np.float32(255)
    std = values.std(0, dtype=np.float64)
    mean = values.mean(0, dtype=np.float64)
    return tuple(mean.tolist()), tuple(np.where(std > 0, std, 1.0).tolist())


def split_images(dataset, train_portion, seed):
    """Splits images at random, as the seed says, into two disjoint parts.

    Args:
        dataset: `ImageDataset`.
        train_portion: Share of the first part, between 0 and 1.
        seed: Integer.

    Returns:
        Tuple of two `ImageDataset`, whose images keep their order.
    """
    count = len(dataset.images)
    order = np.random.default_rng(seed).permutation(count)
    cut = int(count * train_portion)
    return dataset.take(np.sort(order[:cut])), dataset.take(np.sort(order[cut:]))


def _load_digits(image_size):
    from sklearn.datasets import load_digits

    digits = load_digits()
    # Values are 0 to 16.
    images = np.uint8(np.round(digits.images * (255 / 16)))[..., None]
    if image_size:
        images = tf.map_fn(lambda image: _fit(image, image_size), images).numpy()
    names = tuple(str(name) for name in digits.target_names)
    return ImageDataset("digits", images, np.int32(digits.target), names)


def _load_folder(folder, image_size):
    try:
        classes = sorted(path.name for path in folder.iterdir() if path.is_dir())
        files = [
            (path, label)
            for label, name in enumerate(classes)
            for path in sorted((folder / name).rglob("*"))
            if path.suffix.lower() in _SUFFIXES
        ]
    except OSError as error:
        raise DataError(f"--dataset={folder} cannot be read: {error}.") from error
    if len(classes) < 2 or not files:
        raise DataError(
            f"--dataset={folder} holds {len(classes)} folder(s) and {len(files)} "
            "image(s); one folder of images for each of at least 2 classes is needed."
        )
    images = []
    for path, _ in files:
        images.append(_read_image(path, image_size))
        if images[-1].shape != images[0].shape:
            raise DataError(
                f"--dataset={folder} holds images of different sizes ({path} is "
                f"{images[-1].shape}, before it {images[0].shape}); give --image_size."
            )
        if len(images) == 1:
            _check_memory(str(folder), len(files), images[0].shape)
    labels = np.int32([label for _, label in files])
    return ImageDataset(str(folder), np.stack(images), labels, tuple(classes))


def _read_image(path, image_size):
    try:
        image = tf.io.decode_image(
            tf.io.read_file(str(path)), channels=3, expand_animations=False
        )
    except (tf.errors.OpError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path} is no image that can be read: {reason}") from error
    return (_fit(image, image_size) if image_size else image).numpy()


def _load_tfds(name, data_dir, image_size, split):
    builder = _prepared_builder(name, data_dir)
    info = builder.info
    keys = info.supervised_keys
    if not keys or not hasattr(info.features[keys[1]], "num_classes"):
        raise DataError(f"--dataset={name} is no set of images with class labels.")
    if split not in info.splits:
        raise DataError(
            f"--dataset={name} has no split {split!r}, but {sorted(info.splits)}."
        )
    shape = info.features[keys[0]].shape
    if image_size:
        shape = (image_size, image_size, shape[-1])
    if None in shape:
        raise DataError(
            f"--dataset={name} has images of different sizes; give --image_size."
        )
    count = info.splits[split].num_examples
    _check_memory(name, count, shape)
    images, labels = _read_tfds(builder, name, split, keys, image_size, count, shape)
    names = tuple(info.features[keys[1]].names)
    return ImageDataset(name, images, labels, names)


def _prepared_builder(name, data_dir):
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(name, data_dir=data_dir)
    except Exception as error:
        close = difflib.get_close_matches(name, tfds.list_builders(), 3)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise DataError(
            f"--dataset={name} is neither digits, nor a folder, nor a TFDS dataset "
            f"that can be opened.{hint}"
        ) from error
    if not (Path(builder.data_dir) / "dataset_info.json").exists():
        try:
            builder.download_and_prepare()
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise DataError(
                f"--dataset={name} is not in {builder.data_dir} and could not be "
                f"downloaded ({reason}). Run `python -m tensorflow_datasets build "
                f"{name}` where there is a network, and give its folder as "
                "--data_dir."
            ) from error
    return builder


def _read_tfds(builder, name, split, keys, image_size, count, shape):
    """Decodes in parallel, in the order of the files."""

    def read(example):
        image = example[keys[0]]
        return _fit(image, image_size) if image_size else image, example[keys[1]]

    images, labels = np.zeros((count, *shape), np.uint8), np.zeros(count, np.int32)
    position = 0
    try:
        dataset = builder.as_dataset(split=split, shuffle_files=False)
        dataset = dataset.map(read, tf.data.AUTOTUNE, deterministic=True).batch(512)
        for some_images, some_labels in dataset.prefetch(2).as_numpy_iterator():
            part = slice(position, position + len(some_labels))
            images[part], labels[part] = some_images, some_labels
            position = part.stop
    except (tf.errors.OpError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"--dataset={name} in {builder.data_dir} is damaged: {reason}"
        ) from error
    if position != count:
        raise DataError(
            f"--dataset={name} in {builder.data_dir} is damaged: it holds {position} "
            f"images of {split} where {count} are announced."
        )
    return images, labels


def _fit(image, size):
    """Scales the shorter side to `size` and crops the centre; uint8 in and out."""
    shape = tf.shape(image)
    scale = size / tf.reduce_min(shape[:2])
    scaled = tf.cast(tf.math.ceil(tf.cast(shape[:2], tf.float64) * scale), tf.int32)
    resized = tf.image.resize(image, scaled, antialias=True)
    cropped = tf.image.resize_with_crop_or_pad(resized, size, size)
    return tf.cast(tf.clip_by_value(tf.round(cropped), 0, 255), tf.uint8)


def _check_memory(name, count, shape):
    """Both halves are copied out of the whole, so that twice the images must fit."""
    needed = 2 * count * int(np.prod(shape))
    available = psutil.virtual_memory().available
    if needed > available:
        raise DataError(
            f"--dataset={name} needs {needed / 1e9:.1f} GB of memory for {count} "
            f"images of {shape}, {available / 1e9:.1f} GB are free; give a smaller "
            "--image_size."
        )
