import collections

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageEnhance

from darts_tf.data.images import color_jitter

IMAGE = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype="uint8")


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.4])
@pytest.mark.parametrize(
    "change, published",
    [
        (color_jitter.adjust_brightness, ImageEnhance.Brightness),
        (color_jitter.adjust_contrast, ImageEnhance.Contrast),
        (color_jitter.adjust_saturation, ImageEnhance.Color),
    ],
)
def test_changes_are_those_of_the_published_training(change, published, factor):
    """The library there, which rounds to whole numbers on the way."""
    expected = published(Image.fromarray(IMAGE)).enhance(factor)
    result = change(tf.constant(IMAGE, tf.float32), factor)
    np.testing.assert_allclose(result, np.float32(expected), atol=1.5)


def test_hue_keeps_value_and_saturation():
    image = tf.constant(IMAGE, tf.float32)
    result = color_jitter.color_jitter(image, [0, 1], 0.0, 0.0, 0.0, 0.5).numpy()
    assert np.abs(result - IMAGE).max() > 50
    np.testing.assert_allclose(result.max(-1), IMAGE.max(-1), atol=1e-3)
    np.testing.assert_allclose(result.min(-1), IMAGE.min(-1), atol=1e-3)


def test_strengths_stay_in_their_limits():
    grey = tf.fill((2, 2, 3), 100.0)
    seeds = tf.constant([(3, number) for number in range(300)])
    jitter = tf.function(
        lambda seed: color_jitter.color_jitter(grey, seed, 0.4, 0.4, 0.4, 0.2)[0, 0, 0]
    )
    values = np.array([jitter(seed) for seed in seeds])
    # Contrast, saturation and hue leave an image of one grey as it is.
    assert 60 <= values.min() < 65 and 135 < values.max() <= 140
    assert abs(values.mean() - 100) < 4


def test_all_orders_are_as_likely():
    draw = tf.function(lambda seed: color_jitter.draw_changes(seed)[0])
    seeds = tf.constant([(5, number) for number in range(1200)])
    counts = collections.Counter(tuple(draw(seed).numpy()) for seed in seeds)
    assert len(counts) == 24
    assert min(counts.values()) >= 25 and max(counts.values()) <= 80


def test_changes_follow_the_drawn_order():
    steps = (
        color_jitter.adjust_brightness,
        color_jitter.adjust_contrast,
        color_jitter.adjust_saturation,
        tf.image.adjust_hue,
    )
    limits = (0.4, 0.3, 0.2, 0.1)
    for seed in ([1, 0], [1, 1], [1, 2]):
        order, draws = color_jitter.draw_changes(seed)
        expected = tf.constant(IMAGE, tf.float32)
        for step in order.numpy():
            factor = limits[step] * draws[step] + (0.0 if step == 3 else 1.0)
            expected = steps[step](expected, factor)
        result = color_jitter.color_jitter(
            tf.constant(IMAGE, tf.float32), tf.constant(seed), *limits
        )
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-3)
