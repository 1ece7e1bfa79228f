"""Random brightness, contrast, saturation and hue (DARTS' ImageNet training)."""

from typing import Any

import tensorflow as tf


def color_jitter(
    image: tf.Tensor,
    seed: Any,
    brightness: float,
    contrast: float,
    saturation: float,
    hue: float,
) -> tf.Tensor:
    """Changes the colours of an image, in a random order of the four changes.

    As in the authors' code, each of the first three blends the image with another
    one: with black, with its mean grey, with itself in grey. What `tf.image` and
    Keras call brightness adds a constant instead, their contrast takes the mean of
    each channel, and their saturation is that of HSV.

    Args:
        image: float32 tensor of shape `(height, width, 3)`, values in [0, 255].
        seed: Two integers, on which alone the change depends.
        brightness, contrast, saturation: Largest distance from 1, itself at most 1,
            of the image's share in the blend.
        hue: Largest turn of the hue in either direction, at most 0.5, half a circle.

    Returns:
        float32 tensor of the same shape, values in [0, 255].
    """
    order, draws = draw_changes(seed)
    middle = tf.constant([1.0, 1.0, 1.0, 0.0])
    strengths = tf.constant([brightness, contrast, saturation, hue], tf.float32)
    factors = middle + strengths * draws
    for position in range(4):
        image = _change(order[position], image, factors)
    return image


def draw_changes(seed: Any) -> tuple[tf.Tensor, tf.Tensor]:
    """Draws the order of four changes, and the strength of each in [-1, 1)."""
    order_seed, draw_seed = tf.unstack(tf.random.split(seed, 2))
    order = tf.random.experimental.stateless_shuffle(tf.range(4), order_seed)
    return order, tf.random.stateless_uniform([4], draw_seed, -1.0, 1.0)


def adjust_brightness(image: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """Blends an image with black."""
    return _blend(image, 0.0, factor)


def adjust_contrast(image: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """Blends an image with the mean of its grey."""
    return _blend(image, tf.reduce_mean(tf.image.rgb_to_grayscale(image)), factor)


def adjust_saturation(image: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """Blends an image with its grey."""
    return _blend(image, tf.image.rgb_to_grayscale(image), factor)


_CHANGES = (
    adjust_brightness,
    adjust_contrast,
    adjust_saturation,
    tf.image.adjust_hue,
)


def _change(index, image, factors):
    branches = [
        lambda change=change, factor=factor: change(image, factor)
        for change, factor in zip(_CHANGES, tf.unstack(factors))
    ]
    return tf.switch_case(index, branches)


def _blend(image, other, factor):
    return tf.clip_by_value(other + factor * (image - other), 0.0, 255.0)
