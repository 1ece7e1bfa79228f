"""A trial of convolutional cells: what a process of its own does."""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras

from darts_tf.distribution.runtime import configure_runtime
from darts_tf.experiments.by_trials.settings import with_epochs
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_baseline.data import BaselineData
from darts_tf.experiments.convolutional_evaluation.model import (
    drop_path_schedule,
    make_model,
)
from darts_tf.experiments.convolutional_evaluation.network import check_image_size
from darts_tf.genotype.cells_genotype import ImageGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.runs.stop_at_nan import NotFiniteError, StopAtNaN
from darts_tf.weight_count import count_weights
from darts_tf.zero_cost import get_score

_MEASURED_IMAGES = 64


def describe(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Reads the images, and checks whether trials can train on them.

    Args:
        settings: Those of a `BaselineConfig`.

    Returns:
        Dictionary of `data`, what a report says of them, and `fingerprint`.

    Raises:
        UserError: If they cannot be had, are too few or too small.
    """
    config = _prepared(settings)
    data = BaselineData(config)
    check_image_size(config.training_config(1), data.image_shape)
    return {"data": data.description(), "fingerprint": data.fingerprint()}


def train(
    settings: Mapping[str, Any],
    number: int,
    genotype: Mapping[str, Any],
    epochs: int | None = None,
) -> dict[str, Any]:
    """Trains a genotype from scratch, and scores it on the other half of the images.

    Args:
        settings: Those of a `BaselineConfig`.
        number: The trial, from which the seed follows.
        genotype: Its cells, as JSON has them.
        epochs: Number of epochs; default is that of the settings.

    Returns:
        The fields of an `Outcome`.
    """
    config = _prepared(with_epochs(settings, epochs))
    cells = ImageGenotype.from_json(json.dumps(genotype))
    return outcome_of(config, BaselineData(config), number, cells)


def outcome_of(
    config: BaselineConfig, data: BaselineData, number: int, genotype: SavedGenotype
) -> dict[str, Any]:
    """Does the training of `train`, in a TensorFlow that is set up for it.

    A training whose loss is no number any more scores as one that guesses.
    """
    training = config.training_config(number)
    model = _model(config, data, training, genotype)
    scores = {}
    if config.scores:
        images = _measured_images(data)
        scores = {x: get_score(x)(model.network, images) for x in config.scores}
    start = time.monotonic()
    try:
        metrics = _fit(model, training, data)
    except NotFiniteError:
        metrics = {"val_accuracy": 1 / len(data.class_names)}
    return {
        "score": metrics["val_accuracy"],
        "steps": int(model.optimizer.iterations.numpy()),
        "seconds": time.monotonic() - start,
        "metrics": {
            **metrics,
            **scores,
            "num_weights": count_weights(model.network),
            "peak_memory_gb": peak_memory_gb(),
        },
    }


def scores(
    settings: Mapping[str, Any], score: str, genotypes: Sequence[Mapping[str, Any]]
) -> list[float]:
    """Measures the networks of genotypes, which begin with the same random numbers.

    Args:
        settings: Those of a `BaselineConfig`.
        score: Name of a score without training.
        genotypes: Their cells, as JSON has them.

    Returns:
        The score of each, some of which may be infinite.
    """
    config = _prepared(settings)
    cells = [ImageGenotype.from_json(json.dumps(x)) for x in genotypes]
    return scores_of(config, BaselineData(config), score, cells)


def scores_of(
    config: BaselineConfig,
    data: BaselineData,
    score: str,
    genotypes: Iterable[SavedGenotype],
) -> list[float]:
    """Does what `scores` does, in a TensorFlow that is set up for it."""
    training, images = config.training_config(0), _measured_images(data)
    measure, found = get_score(score), []
    for genotype in genotypes:
        found.append(measure(_model(config, data, training, genotype).network, images))
        keras.backend.clear_session()
    return found


def _prepared(settings):
    config = BaselineConfig(**settings)
    configure_runtime(config)
    config.checked_space()
    return config


def _model(config, data, training, genotype):
    cells = config.named_space().trained_genotype(genotype)
    return make_model(training, cells, data)


def _measured_images(data):
    """A batch of images that no training sees, the same one each time."""
    images, _ = next(iter(data.validation_batches()))
    return images[:_MEASURED_IMAGES]


def _fit(model, training, data):
    """Trains, and returns the losses and the accuracy at the end."""
    fitted = model.fit(
        data.training_batches(training.seed),
        epochs=training.epochs,
        steps_per_epoch=data.steps_per_epoch,
        shuffle=False,
        verbose=0,
        callbacks=[
            keras.callbacks.LearningRateScheduler(
                lambda epoch, _: training.learning_rate_at(epoch)
            ),
            *drop_path_schedule(training, model),
            StopAtNaN(),
        ],
    )
    found = model.evaluate(data.validation_batches(), verbose=0, return_dict=True)
    return {
        "loss": float(fitted.history["loss"][-1]),
        "val_loss": float(found["loss"]),
        "val_accuracy": float(found["accuracy"]),
    }
