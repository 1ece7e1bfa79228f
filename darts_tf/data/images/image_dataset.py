"""Labelled images in memory, and what is computed of images or of their number."""

import dataclasses

import numpy as np

from darts_tf.data.images.decoding import DataError

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

    def take(self, indices: np.ndarray) -> "ImageDataset":
        """Returns the images at `indices`."""
        return dataclasses.replace(
            self, images=self.images[indices], labels=self.labels[indices]
        )


def channel_statistics(
    images: np.ndarray,
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel, of values in [0, 1].

    Args:
        images: Array of uint8, shape `(count, height, width, channels)`.

    Returns:
        Two tuples of floats; 1 in place of a standard deviation of 0.
    """
    counts = _histograms(images)
    values = np.arange(256) / 255
    shares = counts / counts.sum(1, keepdims=True)
    mean = shares @ values
    variance = np.sum(shares * (values - mean[:, None]) ** 2, axis=1)
    std = np.sqrt(np.where(variance > 0, variance, 1.0))
    return tuple(mean.tolist()), tuple(std.tolist())


def _histograms(images):
    """Returns how often each value occurs, of shape `(channels, 256)`."""
    counts = np.zeros((images.shape[-1], 256), np.int64)
    # Counting goes in parts, because bincount takes eight times the memory of what it
    # counts.
    for start in range(0, len(images), 1000):
        for channel, count in enumerate(counts):
            values = images[start : start + 1000, ..., channel].ravel()
            count += np.bincount(values, minlength=256)
    return counts


def split_positions(
    count: int, train_portion: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Splits the positions of images at random, as the seed says, into two parts.

    Args:
        count: Number of images.
        train_portion: Share of the first part, between 0 and 1.
        seed: Integer.

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
