"""A trial of a recurrent cell: what a process of its own does."""

import json
import math
import time
from collections.abc import Mapping
from typing import Any

import keras

from darts_tf.distribution.devices import make_strategy
from darts_tf.distribution.runtime import configure_runtime
from darts_tf.distribution.workers import Workers
from darts_tf.experiments.by_trials.settings import with_epochs
from darts_tf.experiments.recurrent_baseline.config import RecurrentBaselineConfig
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.recurrent_evaluation.model import make_model
from darts_tf.experiments.recurrent_evaluation.validation import LanguageValidation
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.recurrent.text_evaluation import perplexity
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import NotFiniteError, StopAtNaN
from darts_tf.weight_count import count_weights


def describe(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Reads the text, and checks whether trials can train on it.

    Args:
        settings: Those of a `RecurrentBaselineConfig`.

    Returns:
        Dictionary of `data`, what a report says of it, and `fingerprint`.

    Raises:
        UserError: If it is missing, not valid or too short.
    """
    data = LanguageData(_prepared(settings).training_config(1))
    return {"data": data.description(), "fingerprint": data.fingerprint()}


def train(
    settings: Mapping[str, Any],
    number: int,
    genotype: Mapping[str, Any],
    epochs: int | None = None,
) -> dict[str, Any]:
    """Trains a genotype from scratch, and scores it on the validation text.

    Args:
        settings: Those of a `RecurrentBaselineConfig`.
        number: The trial, from which the seed follows.
        genotype: Its cell, as JSON has it.
        epochs: Number of epochs; default is that of the settings.

    Returns:
        The fields of an `Outcome`.
    """
    config = _prepared(with_epochs(settings, epochs))
    training = config.training_config(number)
    cell = RecurrentGenotype.from_json(json.dumps(genotype))
    return outcome_of(training, LanguageData(training), cell)


def outcome_of(
    training: LanguageConfig, data: LanguageData, genotype: RecurrentGenotype
) -> dict[str, Any]:
    """Does the training of `train`, in a TensorFlow that is set up for it.

    A training whose loss is no number any more keeps the best epoch before, and scores
    as one that guesses if there is none.
    """
    model = make_model(training, genotype, data)
    start = time.monotonic()
    losses = _fit(model, training, data)
    loss = min(losses, default=math.log(data.vocabulary_size))
    return {
        "score": -loss,
        "steps": int(model.optimizer.iterations.numpy()),
        "seconds": time.monotonic() - start,
        "metrics": {
            "val_loss": loss,
            "val_perplexity": perplexity(loss),
            "num_weights": count_weights(model.network),
            "peak_memory_gb": peak_memory_gb(),
        },
    }


def _prepared(settings):
    config = RecurrentBaselineConfig(**settings)
    configure_runtime(config)
    config.checked_space()
    return config


def _fit(model: keras.Model, training: LanguageConfig, data: LanguageData):
    """Trains, and returns the validation loss after each epoch."""
    scores, workers = Scores("val_loss", min), Workers(make_strategy(training))
    callbacks = [
        StopAtNaN(),
        LanguageValidation(workers, scores, training, data, model.network),
    ]
    try:
        for epoch in range(training.epochs):
            model.fit(
                data.training_batches(epoch),
                initial_epoch=epoch,
                epochs=epoch + 1,
                shuffle=False,
                verbose=0,
                callbacks=callbacks,
            )
    except NotFiniteError:
        pass
    return scores.values
