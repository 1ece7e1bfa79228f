import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.images.augmentation import Augmentation, augment

PLAIN = Augmentation(crop_padding=0, flip=False, cutout=0, mean=(0.0,), std=(1 / 255,))
IMAGE = np.arange(1, 64 + 1, dtype="uint8").reshape(8, 8, 1)


def augmented(seeds=200, **changes):
    """The image under many seeds; values as in `IMAGE`, since 1/255 is the unit."""
    augmentation = Augmentation(**{**vars(PLAIN), **changes})
    one = tf.function(lambda seed: augment(tf.constant(IMAGE), seed, augmentation))
    results = [one(tf.constant([7, seed])).numpy() for seed in range(seeds)]
    return np.rint(np.stack(results)).astype(int)[..., 0]


def test_nothing_but_standardization():
    augmentation = Augmentation(0, False, 0, (0.25,), (0.5,))
    result = augment(tf.constant(IMAGE), tf.constant([0, 1]), augmentation)
    np.testing.assert_allclose(result, (IMAGE / 255 - 0.25) / 0.5, rtol=1e-5, atol=1e-6)


def test_crops_are_windows_of_the_padded_image():
    padded = np.pad(IMAGE[..., 0].astype(int), 2)
    windows = {
        padded[i : i + 8, j : j + 8].tobytes() for i in range(5) for j in range(5)
    }
    seen = {crop.tobytes() for crop in augmented(crop_padding=2)}
    assert seen == windows


def test_half_of_the_images_is_mirrored():
    results = augmented(flip=True)
    mirrored = [np.array_equal(result, IMAGE[:, ::-1, 0]) for result in results]
    straight = [np.array_equal(result, IMAGE[..., 0]) for result in results]
    assert sum(mirrored) + sum(straight) == 200
    assert 70 <= sum(mirrored) <= 130


@pytest.mark.parametrize("length", [1, 4])
def test_cutout_is_a_square_around_any_pixel(length):
    shapes = set()
    for result in augmented(cutout=length):
        rows, columns = (np.unique(index) for index in np.nonzero(result == 0))
        assert (result[np.ix_(rows, columns)] == 0).all()
        assert (result == 0).sum() == len(rows) * len(columns)
        shapes.add((len(rows), len(columns)))
    assert (length, length) in shapes
    assert shapes == (
        {(1, 1)} if length == 1 else {(a, b) for a in (2, 3, 4) for b in (2, 3, 4)}
    )


def test_a_seed_fixes_the_change():
    changes = {"crop_padding": 2, "flip": True, "cutout": 3}
    np.testing.assert_array_equal(augmented(5, **changes), augmented(5, **changes))
