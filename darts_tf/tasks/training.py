"""The training of what a search has found, by a function call."""

import os
from typing import Any

from darts_tf.experiments.convolutional_evaluation.config import (
    CIFAR10,
    IMAGENET,
    ImageTrainingConfig,
)
from darts_tf.experiments.convolutional_evaluation.experiment import (
    ConvolutionalEvaluation,
)
from darts_tf.experiments.convolutional_evaluation.results import TrainingRun
from darts_tf.experiments.recurrent_evaluation.config import (
    PTB,
    WIKITEXT2,
    LanguageConfig,
)
from darts_tf.experiments.recurrent_evaluation.experiment import RecurrentEvaluation
from darts_tf.experiments.recurrent_evaluation.results import LanguageRun
from darts_tf.experiments.trained_row import trained_row
from darts_tf.tasks.configuration import is_text, run_experiment
from darts_tf.zoo.row import PENN_TREEBANK


def train(
    genotype: str | os.PathLike = "DARTS_V2",
    dataset: str | os.PathLike = "cifar10",
    output: str | os.PathLike | None = None,
    **settings: Any,
) -> TrainingRun | LanguageRun:
    """Trains a genotype from scratch, as the binaries `trainers.eval_*` do.

    Args:
        genotype: Published name, genotype file, or folder of a search, which stands
            for the best genotype in it; for a text also the name of a row of the table
            of the Penn Treebank, a whole network with sizes of its own.
        dataset: Images or text, see `search`. The defaults of all other settings are
            the paper's for ImageNet ("imagenet2012"), for WikiText-2 ("wikitext2"), for
            the Penn Treebank (any other text) or for CIFAR-10 (any other images).
        output: Folder of the run; an existing run continues. Default is one in `runs/`
            named after the time.
        **settings: Fields of `ImageTrainingConfig`, for texts of `LanguageConfig`.

    Returns:
        What the run has found: `metrics` by column; `folder`, with the networks, and a
        report; for a text `test_perplexity`.

    Raises:
        UserError: If anything in the input or the surroundings stops the training.

    Example:

    >>> import darts_tf as dt
    >>> run = dt.train("DARTS_V2", "digits", layers=2, init_channels=4, epochs=1,
    ...                steps_per_epoch=2, output="runs/trained")
    >>> print(run.metrics["val_accuracy"])
    """
    name = os.fspath(dataset)
    if is_text(dataset):
        kind, defaults = RecurrentEvaluation, _text_defaults(name, genotype)
    else:
        kind, defaults = ConvolutionalEvaluation, _image_defaults(name)
    return run_experiment(
        kind, defaults, output, genotype=genotype, dataset=dataset, **settings
    )


def _text_defaults(dataset: str, genotype: str | os.PathLike) -> LanguageConfig:
    # A row of the tables has sizes of its own, whatever the text is.
    is_of_text = dataset == "wikitext2" and not trained_row(
        os.fspath(genotype), PENN_TREEBANK
    )
    return WIKITEXT2 if is_of_text else PTB


def _image_defaults(dataset: str) -> ImageTrainingConfig:
    return IMAGENET if dataset == IMAGENET.dataset else CIFAR10
