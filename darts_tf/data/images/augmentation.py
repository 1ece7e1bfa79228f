"""Random changes to training images (darts search: crop, flip, cutout)."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.data.images.decoding import decode, fit


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """How training images are changed, and all are standardized.

    Attributes:
        crop_padding: Zero pixels added on every side before a crop of the old size.
        flip: Whether half of the images are mirrored.
        cutout: Side in pixels of an erased square, 0 for none. Its centre is any
            pixel, so that it may reach over the border.
        mean, std: Of each channel, of values in [0, 1].
    """

    crop_padding: int
    flip: bool
    cutout: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def training_image(
        self, picture: tf.Tensor, seed: Any, shape: Sequence[int]
    ) -> tf.Tensor:
        """Changes one image at random, see `augment`.

        Args:
            picture: Encoded image, scalar string tensor, or uint8 tensor of `shape`.
            seed: Two integers, on which alone the change depends.
            shape: Height, width and channels of the result.

        Returns:
            float32 tensor of that shape, standardized.
        """
        return augment(_brought_to(picture, shape), seed, self)

    def evaluation_image(self, picture: tf.Tensor, shape: Sequence[int]) -> tf.Tensor:
        """Standardizes an image; arguments as in `training_image`."""
        return standardize(_brought_to(picture, shape), self.mean, self.std)


def augment(image: tf.Tensor, seed: Any, augmentation: Augmentation) -> tf.Tensor:
    """Changes one image at random.

    Args:
        image: uint8 tensor of shape `(height, width, channels)`.
        seed: Two integers, on which alone the change depends.
        augmentation: `Augmentation`.

    Returns:
        float32 tensor of the same shape, standardized.
    """
    seeds = tf.unstack(tf.random.split(seed, 3))
    shape = image.shape.as_list()
    padding = augmentation.crop_padding
    if padding:
        height, width = (size + 2 * padding for size in shape[:2])
        image = tf.image.resize_with_crop_or_pad(image, height, width)
        image = tf.image.stateless_random_crop(image, shape, seeds[0])
    if augmentation.flip:
        image = tf.image.stateless_random_flip_left_right(image, seeds[1])
    image = standardize(image, augmentation.mean, augmentation.std)
    if augmentation.cutout:
        image *= _cutout_mask(shape, seeds[2], augmentation.cutout)
    return image


def standardize(
    image: tf.Tensor, mean: Sequence[float], std: Sequence[float]
) -> tf.Tensor:
    """Brings values of 0 to 255 to mean 0 and standard deviation 1 of each channel."""
    image = tf.cast(image, tf.float32) / 255
    return (image - tf.constant(mean, tf.float32)) / tf.constant(std, tf.float32)


def _brought_to(picture, shape):
    if picture.dtype == tf.string:
        picture = fit(decode(picture, shape[-1]), shape[0])
    return tf.ensure_shape(picture, shape)


def _cutout_mask(shape, seed, length):
    position = tf.random.stateless_uniform([2], seed) * tf.constant(
        shape[:2], tf.float32
    )
    centre = tf.cast(position, tf.int32)
    first = centre - length // 2
    rows, columns = (
        (tf.range(size) >= begin) & (tf.range(size) < begin + length)
        for size, begin in zip(shape[:2], tf.unstack(first))
    )
    inside = rows[:, None] & columns[None, :]
    return tf.cast(~inside, tf.float32)[..., None]
