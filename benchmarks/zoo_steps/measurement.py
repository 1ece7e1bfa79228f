"""One measurement of a training step of a published network, in its own process.

Arguments and output are those of `benchmarks.search_step.measurement`, with the fields
of a `RowStep`.
"""

import json
import sys

import keras
import numpy as np
import tensorflow as tf

from benchmarks.search_step.observation import ObservedStep, observe
from benchmarks.zoo_steps.settings import RowStep
from darts_tf.convolutional.evaluation_model import ImageTrainingModel
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.weight_count import count_weights
from darts_tf.zoo import get_row
from darts_tf.zoo.row import IMAGE_SHAPES


class _ObservedImages(ObservedStep, ImageTrainingModel):
    pass


class _ObservedTexts(ObservedStep, LanguageTrainingModel):
    pass


def main(settings, started):
    settings = RowStep(**json.loads(settings))
    configure_runtime(ImageTrainingConfig())
    keras.utils.set_random_seed(0)
    row = get_row(settings.form)
    network = row.built()
    if row.dataset in IMAGE_SHAPES:
        model = _ObservedImages(network)
        model.compile()
        batch = _images(settings, network.num_classes, IMAGE_SHAPES[row.dataset])
    else:
        model = _ObservedTexts(network, settings.batch_size)
        model.compile(AveragedSGD(1.0, 0.0))
        batch = _texts(settings, network.vocabulary_size)
    batches = tf.data.Dataset.from_tensors(batch).repeat(settings.steps + 1)
    # Loops of a step go over the words.
    result = observe(settings, model, batches, float(started), settings.words)
    print(json.dumps({**result, "weights": count_weights(network)}))


def _images(settings, num_classes, shape):
    rng = np.random.default_rng(0)
    images = rng.normal(size=(settings.batch_size, *shape)).astype(np.float32)
    labels = rng.integers(num_classes, size=settings.batch_size)
    return images, labels


def _texts(settings, vocabulary_size):
    rng = np.random.default_rng(0)
    words = rng.integers(
        vocabulary_size, size=(settings.batch_size, settings.words + 1)
    )
    words = words.astype(np.int32)
    return {
        "tokens": words[:, :-1],
        "targets": words[:, 1:],
        "length": np.int32(settings.words),
        "starts": np.bool_(True),
        "rate_factor": np.float32(1),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
