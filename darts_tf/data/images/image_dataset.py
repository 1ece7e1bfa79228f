"""Labelled images in memory, from scikit-learn, TFDS or a folder.

Random access to all images makes the order of the data a pure function of the seed
and the step, which is what lets an interrupted search continue exactly.
"""

import dataclasses
import os

import numpy as np

from darts_tf.data.images.decoding import DataError, fit
from darts_tf.data.images.image_folder import read_image_folder
from darts_tf.data.images.tfds_images import read_tfds

# Published mean and standard deviation of each channel, of values in [0, 1].
CHANNEL_STATISTICS = {
    "cifar10": (
        (0.49139968, 0.48215827, 0.44653124),
        (0.24703233, 0.24348505, 0.26158768),
    ),
    "imagenet2012": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}


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
        images, labels, num_classes = self.images, self.labels, len(self.class_names)
        if images.dtype != np.uint8 or images.ndim != 4:
            raise ValueError(
                "Received an invalid value for argument `images`, expected uint8 of "
                "shape (count, height, width, channels). Received: "
                f"{images.dtype} of shape {images.shape}."
            )
        if labels.dtype != np.int32 or labels.shape != images.shape[:1]:
            raise ValueError(
                "Received an invalid value for argument `labels`, expected one int32 "
                f"for each of {len(images)} images. Received: {labels.dtype} of shape "
                f"{labels.shape}."
            )
        if num_classes < 2:
            raise DataError(
                f"`dataset`={self.name} has {num_classes} class(es); at least 2 are "
                "needed."
            )
        if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
            raise DataError(
                f"`dataset`={self.name} has labels from {labels.min()} to "
                f"{labels.max()}; 0 to {num_classes - 1} are expected."
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
        data_dir: Folder of TFDS data, or `None` for TFDS' own. If it is given, a
            folder of images is only meant by a name with a slash: a set is often
            searched from within its own data folder.
        image_size: Height and width to which images are brought, in pixels: cropped
            around the centre to a square, then scaled. `None` for the images' own
            size, if they all have the same.
        split: Split of a TFDS set; the others have only one.

    Returns:
        `ImageDataset`.

    Raises:
        DataError: If the images cannot be had.
    """
    if dataset == "digits":
        contents = _read_digits(image_size)
    elif is_folder(dataset, data_dir):
        contents = read_image_folder(os.path.expanduser(dataset), image_size)
    else:
        contents = read_tfds(dataset, data_dir, image_size, split)
    return ImageDataset(dataset, *contents)


def is_folder(dataset, data_dir):
    """Whether a name means a folder of images, see `load_images`."""
    is_meant = data_dir is None or os.sep in dataset
    return is_meant and os.path.isdir(os.path.expanduser(dataset))


def channel_statistics(dataset):
    """Mean and standard deviation of each channel, of values in [0, 1].

    The published ones where there are any, else those of the images; 1 in place of
    a standard deviation of 0.

    Returns:
        Two tuples of floats.
    """
    if dataset.name in CHANNEL_STATISTICS:
        return CHANNEL_STATISTICS[dataset.name]
    counts = _histograms(dataset.images)
    values = np.arange(256) / 255
    shares = counts / counts.sum(1, keepdims=True)
    mean = shares @ values
    variance = np.sum(shares * (values - mean[:, None]) ** 2, axis=1)
    std = np.sqrt(np.where(variance > 0, variance, 1.0))
    return tuple(mean.tolist()), tuple(std.tolist())


def _histograms(images):
    """Returns how often each value occurs, of shape `(channels, 256)`."""
    counts = np.zeros((images.shape[-1], 256), np.int64)
    # In parts, because bincount takes eight times the memory of what it counts.
    for start in range(0, len(images), 1000):
        for channel, count in enumerate(counts):
            values = images[start : start + 1000, ..., channel].ravel()
            count += np.bincount(values, minlength=256)
    return counts


def split_images(dataset, train_portion, seed):
    """Splits images at random, as the seed says, into two disjoint parts.

    Args:
        dataset: `ImageDataset`.
        train_portion: Share of the first part, between 0 and 1.
        seed: Integer.

    Returns:
        Tuple of two `ImageDataset`, whose images keep their order.
    """
    train, valid = split_positions(len(dataset.images), train_portion, seed)
    return dataset.take(train), dataset.take(valid)


def split_positions(count, train_portion, seed):
    """Splits the positions of images as `split_images` does.

    Returns:
        Two sorted arrays of integers.
    """
    if not 0 < train_portion < 1:
        raise ValueError(
            "Received an invalid value for argument `train_portion`, expected a "
            f"number between 0 and 1. Received: train_portion={train_portion}"
        )
    order = np.random.default_rng(seed).permutation(count)
    cut = round(count * train_portion)
    return np.sort(order[:cut]), np.sort(order[cut:])


def _read_digits(image_size):
    from sklearn.datasets import load_digits

    digits = load_digits()
    # Values are 0 to 16.
    images = np.uint8(np.round(digits.images * (255 / 16)))[..., None]
    if image_size:
        images = fit(images, image_size).numpy()
    names = tuple(str(name) for name in digits.target_names)
    return images, np.int32(digits.target), names
