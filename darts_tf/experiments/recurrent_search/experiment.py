"""A whole recurrent search: from a text to a genotype and a report."""

import keras
import numpy as np

from darts_tf.data.text import text_batches
from darts_tf.data.text.corpus import batchify
from darts_tf.data.text.text_sources import open_corpus
from darts_tf.data.text.vocabulary_file import keep_vocabulary
from darts_tf.distribution.interruption import EndWithoutFolder, interruption_callbacks
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_search.page import write_recurrent_search_report
from darts_tf.experiments.recurrent_search.recorder import RecurrentSearchRecorder
from darts_tf.experiments.recurrent_search.results import (
    COLUMNS,
    CONFIG_FORMAT,
    read_recurrent_run,
)
from darts_tf.optimization.optimizers import CoupledAdam, MomentumSGD
from darts_tf.recurrent import LanguageModel, SearchCell
from darts_tf.recurrent.search_model import RecurrentSearchModel
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.fit_epoch import fit_epoch
from darts_tf.runs.prepared_run import prepared_run
from darts_tf.runs.profiler import profiler
from darts_tf.runs.report_callback import ReportCallback
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import StopAtNaN


def search(config, output):
    """Runs a recurrent search, or continues it where it was cut off.

    Args:
        config: `RecurrentSearchConfig`.
        output: Path of the run folder.

    Returns:
        Path of the run folder, with the genotypes and the report in it.

    Raises:
        UserError: If anything in the input or the surroundings stops the search;
            nothing has been overwritten then.
    """
    config.check_activations()
    with (
        prepared_run(
            config,
            output,
            CONFIG_FORMAT,
            RecurrentSearchData,
            check_replicas=_check_rows,
        ) as run,
        run.claimed(),
    ):
        with run.strategy.scope():
            model = make_model(config, run.data)
        if run.workers.is_chief:
            num_weights = sum(int(np.prod(v.shape)) for v in model.network.weights_w)
            run.write_config(num_weights)
            keep_vocabulary(run.folder.path, run.data.vocabulary)
        _fit(run, config, model)
        if run.workers.is_chief:
            run.folder.require_claim()
            write_recurrent_search_report(run.folder.path)
    return run.folder.path


def _check_rows(config, count):
    if config.batch_size < 2 * count:
        raise UserError(
            f"`batch_size`={config.batch_size} leaves {count} devices less than 2 "
            f"streams each, over which the cell normalizes; give at least {2 * count}."
        )


class RecurrentSearchData:
    """The text of a search, and how it becomes batches.

    Args:
        config: `RecurrentSearchConfig`.

    Raises:
        UserError: If the text is missing, not valid or too short.
    """

    def __init__(self, config):
        self.config = config
        corpus = open_corpus(config.dataset, config.data_dir, config.vocabulary_size)
        self.vocabulary, self._checksum = corpus.vocabulary, corpus.checksum()
        self.num_train, self.num_valid = len(corpus.train), len(corpus.valid)
        name = "The validation text"
        self.train = text_batches.text_streams(
            corpus.train, config.batch_size, "The training text"
        )
        self.valid = batchify(corpus.valid, config.batch_size, name)
        self.evaluated = batchify(corpus.valid, config.valid_batch_size, name)

    def search_batches(self, epoch):
        """Pairs of batches of an epoch, counted from 0."""
        config = self.config
        return text_batches.search_batches(
            self.train,
            self.valid,
            text_batches.SequenceLengths(config.sequence_length),
            config.seed,
            epoch,
            config.steps_per_epoch,
        )

    def validation_batches(self):
        """The validation text as it is read after an epoch."""
        return text_batches.evaluation_batches(
            self.evaluated, self.config.sequence_length
        )

    def fingerprint(self):
        """What tells these data from others."""
        return self.description() | {"checksum of the text": self._checksum}

    def description(self):
        """What the report says about the data."""
        return {
            "name": self.config.dataset,
            "num_train": self.num_train,
            "num_valid": self.num_valid,
            "vocabulary_size": len(self.vocabulary.words),
        }


def make_model(config, data):
    """Builds and compiles the `RecurrentSearchModel` of a configuration."""
    keras.utils.set_random_seed(config.seed)
    network = LanguageModel(
        len(data.vocabulary.words),
        SearchCell(
            config.hidden_size,
            config.nodes,
            config.activations,
            dtype=config.precision,
        ),
        config.dropout,
        config.seed,
        recompute=config.recompute,
        dtype=config.precision,
    )
    network.build()
    model = RecurrentSearchModel(
        network,
        config.batch_size,
        config.valid_batch_size,
        config.order,
        config.hessian,
        config.gradient_clip,
        config.slowness,
        config.seed,
    )
    model.compile(
        MomentumSGD(
            config.learning_rate,
            momentum=0.0,
            coupled_weight_decay=config.weight_decay,
        ),
        CoupledAdam(
            config.arch_learning_rate,
            beta_1=0.9,
            coupled_weight_decay=config.arch_weight_decay,
        ),
    )
    return model


def _fit(run, config, model):
    path, data, workers = run.folder.path, run.data, run.workers
    scores = Scores("val_loss", min)
    checkpoint = EpochCheckpoint(path / "checkpoints", model.state_variables, scores)
    table = checkpoint.resume(
        path, config.epochs, COLUMNS, read_recurrent_run, workers=workers
    )
    epochs_done = len(table.rows)
    callbacks = [
        StopAtNaN(int(model.optimizer.iterations.numpy()), ("loss", "arch_loss")),
        *interruption_callbacks(workers, config.worker_timeout),
    ]
    if workers.is_chief:
        callbacks += [
            EndWithoutFolder(run.folder),
            RecurrentSearchRecorder(path, table, scores, checkpoint, config.epochs),
            ReportCallback(write_recurrent_search_report, path),
        ]
    profiled = epochs_done if config.profile and workers.is_chief else None
    for epoch in range(epochs_done, config.epochs):
        fit_epoch(
            model,
            data.search_batches(epoch),
            epoch,
            config.epochs,
            [*callbacks, *([profiler(path)] if epoch == profiled else [])],
            bar=workers.is_chief,
            validation_data=data.validation_batches(),
        )
