import numpy as np
import pytest
import tensorflow as tf

from darts_tf.data.images.decoding import DataError, allocate, fit


@pytest.mark.parametrize("shape", [(10, 30, 3), (30, 10, 3), (10, 10, 3)])
def test_fit_crops_the_centre(shape):
    image = np.random.default_rng(0).integers(0, 256, shape, dtype="uint8")
    top, left = (shape[0] - 10) // 2, (shape[1] - 10) // 2
    centre = image[top : top + 10, left : left + 10]
    np.testing.assert_array_equal(fit(tf.constant(image), 10), centre)


def test_fit_averages_what_it_shrinks():
    stripes = np.zeros((64, 64, 1), "uint8")
    stripes[:, ::2] = 200
    shrunk = fit(tf.constant(stripes), 8).numpy()[:, 1:-1].astype(int)
    # Without antialiasing it would be 0 or 200.
    np.testing.assert_allclose(shrunk, 100, atol=2)


def test_fit_of_a_batch_is_fit_of_each():
    images = np.random.default_rng(0).integers(0, 256, (3, 12, 9, 1), dtype="uint8")
    batch = fit(tf.constant(images), 6)
    for image, fitted in zip(images, batch):
        np.testing.assert_array_equal(fit(tf.constant(image), 6), fitted)


def test_allocate():
    images = allocate("x", 2, (3, 4, 1))
    assert images.shape == (2, 3, 4, 1) and images.dtype == np.uint8
    with pytest.raises(DataError, match=r"x needs .* GB .* `image_size`"):
        allocate("x", 10**9, (1000, 1000, 3))
