import dataclasses
import io
import math

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from darts_tf.data.images.large_images import LargeImageAugmentation, random_part

RECIPE = LargeImageAugmentation(mean=(0.0,) * 3, std=(1 / 255,) * 3)
CALM = dataclasses.replace(RECIPE, brightness=0, contrast=0, saturation=0, hue=0)


def smooth_image(height, width):
    """Values that a JPEG file keeps nearly, and a direction that a flip shows."""
    rows, columns = np.mgrid[:height, :width]
    channels = (3 * columns, 255 - 2 * rows, 2 * columns + rows)
    return np.uint8(np.clip(np.stack(channels, -1), 0, 255))


def encode(image, kind):
    file = io.BytesIO()
    Image.fromarray(image).save(
        file, kind, **({"quality": 95} if kind == "JPEG" else {})
    )
    return tf.constant(file.getvalue())


def parts(height, width, count=1000, min_area=0.08, max_ratio=4 / 3):
    def one(number):
        return random_part(height, width, tf.stack([7, number]), min_area, max_ratio)

    compiled = tf.function(lambda: tf.map_fn(one, tf.range(count)))
    return compiled().numpy().T


def published_parts(height, width, count):
    """The published rule, one draw after the other."""
    random = np.random.default_rng(0)
    sizes = []
    while len(sizes) < count:
        for _ in range(10):
            area = height * width * random.uniform(0.08, 1.0)
            ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
            size = round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))
            if size[0] <= height and size[1] <= width:
                sizes.append(size)
                break
    return np.array(sizes).T


@pytest.mark.parametrize("height, width", [(300, 300), (200, 400)])
def test_parts_are_distributed_as_published(height, width):
    top, left, rows, columns = parts(height, width)
    assert (top >= 0).all() and (top + rows <= height).all()
    assert (left >= 0).all() and (left + columns <= width).all()
    published = published_parts(height, width, 5000)
    share = height * width
    for quantile in (0.0, 0.1, 0.5, 0.9, 1.0):
        for ours, theirs in (
            (rows * columns / share, published[0] * published[1] / share),
            (columns / rows, published[1] / published[0]),
        ):
            difference = np.quantile(ours, quantile) - np.quantile(theirs, quantile)
            assert abs(difference) < 0.05
    # The place is uniform over what there is room for.
    for start, room in ((top, height - rows), (left, width - columns)):
        assert abs(np.mean(start[room > 0] / room[room > 0]) - 0.5) < 0.04


@pytest.mark.parametrize(
    "height, width, expected", [(9, 900, (9, 12)), (90, 2, (3, 2))]
)
def test_image_without_fitting_parts(height, width, expected):
    _, _, rows, columns = parts(height, width, 20, min_area=0.9)
    assert set(rows) == {expected[0]} and set(columns) == {expected[1]}


@pytest.mark.parametrize("height, width", [(1, 1), (1, 5)])
def test_tiny_images(height, width):
    _, _, rows, columns = parts(height, width, 20)
    assert rows.min() >= 1 and columns.min() >= 1


@pytest.mark.parametrize("kind, tolerance", [("PNG", 0), ("JPEG", 1.5), ("BMP", 0)])
def test_fused_decoding_equals_decoding_first(kind, tolerance):
    image = smooth_image(61, 83)
    for number in range(5):
        seed = tf.constant([2, number])
        expected = RECIPE.training_image(tf.constant(image), seed, (24, 24, 3))
        result = RECIPE.training_image(encode(image, kind), seed, (24, 24, 3))
        assert np.abs(result - expected).mean() <= tolerance
        assert result.dtype == tf.float32 and result.shape == (24, 24, 3)


def test_half_of_the_images_is_mirrored():
    image = tf.constant(smooth_image(40, 40))
    one = tf.function(lambda seed: CALM.training_image(image, seed, (8, 8, 3)))
    results = [one(tf.constant([4, number])).numpy() for number in range(100)]
    mirrored = sum(result[0, 0, 0] > result[0, -1, 0] for result in results)
    assert 30 <= mirrored <= 70


def test_a_seed_fixes_the_change():
    picture = encode(smooth_image(40, 30), "JPEG")
    first, again, other = (
        RECIPE.training_image(picture, tf.constant(seed), (16, 16, 3)).numpy()
        for seed in ([0, 1], [0, 1], [0, 2])
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("height, width", [(40, 61), (75, 50), (32, 32), (20, 9)])
def test_evaluation_scales_and_crops_as_published(kind, height, width):
    """28 pixels stand for 224, so 32 for 256."""
    picture = encode(smooth_image(height, width), kind)
    image = Image.open(io.BytesIO(picture.numpy())).convert("RGB")
    scale = 32 / min(height, width)
    size = (32, int(scale * height)) if width < height else (int(scale * width), 32)
    image = np.float32(image.resize(size, Image.Resampling.BILINEAR))
    top, left = ((side - 28) // 2 for side in image.shape[:2])
    expected = image[top : top + 28, left : left + 28]
    result = RECIPE.evaluation_image(picture, (28, 28, 3)).numpy()
    assert np.abs(result - expected).max() < (2 if kind == "PNG" else 6)


def test_standardization():
    recipe = dataclasses.replace(RECIPE, mean=(0.5, 0.25, 0.0), std=(0.5, 1.0, 2.0))
    image = tf.fill((9, 9, 3), tf.constant(255, tf.uint8))
    result = recipe.evaluation_image(image, (8, 8, 3))
    np.testing.assert_allclose(result[0, 0], [1.0, 0.75, 0.5], rtol=1e-5)


def test_grey_images():
    recipe = LargeImageAugmentation((0.0,), (1 / 255,))
    image = smooth_image(40, 30)[..., 0]
    for picture in (encode(image, "PNG"), tf.constant(image[..., None])):
        result = recipe.training_image(picture, tf.constant([0, 1]), (8, 8, 1))
        assert result.shape == (8, 8, 1)
        assert recipe.evaluation_image(picture, (8, 8, 1)).shape == (8, 8, 1)
