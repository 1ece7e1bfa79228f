import io
import types

import numpy as np
import tensorflow as tf

from darts_tf.experiments.convolutional_evaluation.predictions import predict

MEAN, STD = (0.2, 0.5), (0.1, 0.3)


def make_batches(count, batch_size=8):
    """Random images, whose label is 0 if their first byte is even."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, 3, 4, 2), np.uint8)
    labels = images[:, 0, 0, 0].astype(np.int32) % 2
    standardized = (np.float32(images / 255) - np.float32(MEAN)) / np.float32(STD)
    return images, tf.data.Dataset.from_tensor_slices(
        (np.float32(standardized), labels)
    ).batch(batch_size)


def model_that_says(number):
    """A model of two classes that finds the same in every image."""
    logits = np.float16([0, 0])
    logits[number] = np.log(3)
    return types.SimpleNamespace(
        predict_on_batch=lambda images: np.tile(logits, (len(images), 1))
    )


def test_wrong_images_come_back_as_they_were():
    images, batches = make_batches(20)
    found = predict(model_that_says(0), batches, MEAN, STD)
    wrong = np.flatnonzero(images[:, 0, 0, 0] % 2)
    assert len(found.labels) == 20 and not found.predictions.any()
    np.testing.assert_array_equal(np.flatnonzero(found.labels), wrong)
    np.testing.assert_array_equal(found.images, images[wrong])
    np.testing.assert_array_equal(found.image_labels, 1)
    np.testing.assert_array_equal(found.image_predictions, 0)
    np.testing.assert_allclose(found.image_probabilities, 0.75, rtol=1e-3)


def test_at_most_32_images():
    _, batches = make_batches(100)
    assert predict(model_that_says(1), batches, MEAN, STD).images.shape[0] == 32


def test_none_is_wrong():
    _, batches = make_batches(6)
    right = batches.map(lambda images, labels: (images, 0 * labels))
    found = predict(model_that_says(0), right, MEAN, STD)
    content = np.load(io.BytesIO(found.to_npz()))
    assert set(content) == set(vars(found))
    assert content["images"].shape == (0, 3, 4, 2)
    assert content["images"].dtype == np.uint8
    assert content["image_labels"].shape == (0,) and content["labels"].shape == (6,)
