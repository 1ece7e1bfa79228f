"""Predictions of a trained network for the images of a validation."""

import dataclasses
import io
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

_MOST_IMAGES = 32


@dataclasses.dataclass(frozen=True)
class Predictions:
    """Classes found, and some images with a wrong one.

    Attributes:
        labels, predictions: Arrays of int32, shape `(count,)`: the true class of each
            image and the one found.
        images: Array of uint8, shape `(few, height, width, channels)`: the first
            images, 32 at most, whose class was not found.
        image_labels, image_predictions: Arrays of int32, shape `(few,)`, for these.
        image_probabilities: Array of float32, shape `(few,)`: probability of the class
            that was found.
    """

    labels: np.ndarray
    predictions: np.ndarray
    images: np.ndarray
    image_labels: np.ndarray
    image_predictions: np.ndarray
    image_probabilities: np.ndarray

    def to_npz(self) -> bytes:
        """Returns the content of an npz file with an array for each attribute."""
        content = io.BytesIO()
        np.savez_compressed(content, **vars(self))
        return content.getvalue()


def predict(
    model: keras.Model,
    batches: tf.data.Dataset,
    mean: Sequence[float],
    std: Sequence[float],
) -> Predictions:
    """Applies a model to all images.

    Args:
        model: Keras model that gives logits.
        batches: `tf.data.Dataset` of standardized images and labels.
        mean, std: Of each channel, by which the images were standardized.

    Returns:
        The `Predictions`.
    """
    labels, predictions, wrong = [], [], []
    for images, true in batches.as_numpy_iterator():
        # Under a strategy every replica answers for the whole batch.
        logits = model.predict_on_batch(images)[: len(images)].astype(np.float32)
        found = logits.argmax(-1).astype(np.int32)
        labels.append(true)
        predictions.append(found)
        for row in np.flatnonzero(found != true)[: _MOST_IMAGES - len(wrong)]:
            probabilities = np.exp(logits[row] - logits[row].max())
            probability = probabilities.max() / probabilities.sum()
            image = _to_bytes(images[row], mean, std)
            wrong.append((image, true[row], found[row], probability))
    if wrong:
        columns = [np.stack(column) for column in zip(*wrong)]
    else:
        columns = [np.zeros((0, *images.shape[1:]), np.uint8)]
        columns += [np.zeros(0, kind) for kind in (np.int32, np.int32, np.float32)]
    return Predictions(np.concatenate(labels), np.concatenate(predictions), *columns)


def _to_bytes(image, mean, std):
    """Reverses the standardization."""
    values = image * np.float32(std) + np.float32(mean)
    return np.uint8(np.clip(np.round(values * 255), 0, 255))
