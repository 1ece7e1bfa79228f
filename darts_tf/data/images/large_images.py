"""Large images of any size: random parts of them, changed in colour (ImageNet)."""

import dataclasses
import functools
import math
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from darts_tf.data.images.augmentation import standardize
from darts_tf.data.images.color_jitter import color_jitter
from darts_tf.data.images.decoding import decode, decode_window

_ATTEMPTS = 10
# Images are evaluated at 8/7 of the size, cropped: 256 for 224 pixels.
_MARGIN = 8 / 7


@dataclasses.dataclass(frozen=True)
class LargeImageAugmentation:
    """How images of ImageNet are changed, with the values of the authors' code.

    Attributes:
        mean, std: Of each channel, of values in [0, 1].
        flip: Whether half of the images are mirrored.
        min_area: Smallest share of an image that a training image shows; the largest
            is 1.
        max_ratio: Largest ratio of width to height of that part, and of height to
            width.
        brightness, contrast, saturation, hue: See `color_jitter`; of images with 3
            channels only.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    flip: bool = True
    min_area: float = 0.08
    max_ratio: float = 4 / 3
    brightness: float = 0.4
    contrast: float = 0.4
    saturation: float = 0.4
    hue: float = 0.2

    def training_image(
        self, picture: tf.Tensor, seed: Any, shape: Sequence[int]
    ) -> tf.Tensor:
        """Changes one image at random.

        Args:
            picture: Encoded image, scalar string tensor, or uint8 tensor of shape
                `(any height, any width, channels)`.
            seed: Two integers, on which alone the change depends.
            shape: Height, width and channels of the result.

        Returns:
            float32 tensor of that shape, standardized.
        """
        part_seed, flip_seed, color_seed = tf.unstack(tf.random.split(seed, 3))
        choose = functools.partial(
            random_part,
            seed=part_seed,
            min_area=self.min_area,
            max_ratio=self.max_ratio,
        )
        image = decode_window(picture, shape[-1], choose)
        image = tf.image.resize(image, shape[:2], antialias=True)
        if self.flip:
            image = tf.image.stateless_random_flip_left_right(image, flip_seed)
        if shape[-1] == 3:
            image = color_jitter(
                image,
                color_seed,
                self.brightness,
                self.contrast,
                self.saturation,
                self.hue,
            )
        return standardize(image, self.mean, self.std)

    def evaluation_image(self, picture: tf.Tensor, shape: Sequence[int]) -> tf.Tensor:
        """Scales an image, to 256 for a `shape` of 224 pixels, and crops its centre.

        Args:
            picture, shape: As in `training_image`.

        Returns:
            float32 tensor of `shape`, standardized.
        """
        image = decode(picture, shape[-1])
        height, width = tf.unstack(tf.shape(image)[:2])
        # Height and width of the images that are cropped, if they just cover.
        rows, columns = (round(_MARGIN * size) for size in shape[:2])
        # In integers, so that the side that decides gets exactly its size.
        size = tf.cond(
            height * columns >= width * rows,
            lambda: (height * columns // width, columns),
            lambda: (rows, width * rows // height),
        )
        image = tf.image.resize(image, tf.stack(size), antialias=True)
        image = tf.image.resize_with_crop_or_pad(image, *shape[:2])
        return standardize(image, self.mean, self.std)


def random_part(
    height: tf.Tensor, width: tf.Tensor, seed: Any, min_area: float, max_ratio: float
) -> tf.Tensor:
    """Draws a part of an image, as the authors' code does.

    The share of the area and the logarithm of the ratio are uniform; what does not
    fit into the image is drawn again, up to ten times. After that it is the largest
    part of a permitted ratio. `tf.image.stateless_sample_distorted_bounding_box`
    draws the height uniformly, which gives smaller parts.

    Args:
        height, width: Of the image, int32 scalars.
        seed: Two integers.
        min_area, max_ratio: See `LargeImageAugmentation`.

    Returns:
        int32 tensor of top, left, height and width of the part.
    """
    size_seed, place_seed = tf.unstack(tf.random.split(seed, 2))
    sides = tf.cast(tf.stack([height, width]), tf.float32)
    draws = tf.random.stateless_uniform([2, _ATTEMPTS], size_seed)
    area = sides[0] * sides[1] * (min_area + (1 - min_area) * draws[0])
    ratio = tf.exp(math.log(max_ratio) * (2 * draws[1] - 1))
    drawn = tf.round(tf.sqrt([area / ratio, area * ratio]))
    drawn = tf.maximum(drawn, 1.0)
    largest = tf.minimum(sides, tf.round(max_ratio * sides[::-1]))
    parts = tf.concat([drawn, largest[:, None]], axis=1)
    fits = tf.reduce_all(parts <= sides[:, None], axis=0)
    part = parts[:, tf.argmax(tf.cast(fits, tf.int32))]
    start = tf.floor(tf.random.stateless_uniform([2], place_seed) * (sides - part + 1))
    return tf.cast(tf.concat([start, part], axis=0), tf.int32)
