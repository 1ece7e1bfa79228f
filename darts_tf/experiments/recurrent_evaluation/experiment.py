"""The whole training of a language model, and its evaluation alone."""

import json
from pathlib import Path
from typing import Any

import keras

from darts_tf.atomic_file import write_atomically
from darts_tf.data.text import vocabulary_file
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.recurrent_evaluation.page import write_language_report
from darts_tf.experiments.recurrent_evaluation.recorder import LanguageRecorder
from darts_tf.experiments.recurrent_evaluation.results import (
    COLUMNS,
    CONFIG_FORMAT,
    LanguageRun,
    read_language_run,
)
from darts_tf.experiments.recurrent_evaluation.validation import LanguageValidation
from darts_tf.experiments.trained_genotype import trained_genotype
from darts_tf.genotype.recurrent_genotype import RecurrentGenotype
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.optimization.averaged_sgd import AveragedSGD
from darts_tf.plugins import import_modules
from darts_tf.recurrent import EvaluationCell, LanguageModel
from darts_tf.recurrent.evaluation_model import LanguageTrainingModel
from darts_tf.recurrent.text_evaluation import TextEvaluation, perplexity
from darts_tf.run_layout import BEST_CHECKPOINT_FOLDER, RESULTS_FILE
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.stop_at_nan import NotFiniteError
from darts_tf.weights import saved_language_model

_MOST_FAILURES = 3


class RecurrentEvaluation(Experiment):
    """Training of a language model, of a genotype (paper, section 3.3) or of a row.

    Where a loss is no number, the epoch begins again with the best weights.
    """

    NAME = "language"
    FORMAT, COLUMNS, SCORE = CONFIG_FORMAT, COLUMNS, LanguageRun.SCORE
    Config, Data = LanguageConfig, LanguageData
    read = staticmethod(read_language_run)
    write_page = staticmethod(write_language_report)

    def prepare(self) -> None:
        import_modules("activation_modules", self.config.activation_modules)
        if self.config.weights:
            raise UserError("`weights` is for an evaluation; a training begins anew.")
        row = self.config.row()
        if row is None:
            self.genotype = trained_genotype(RecurrentGenotype, self.config)
        else:
            _check_epoch(self.config)
            self.genotype = _genotype_of(row.build())

    def make_model(self) -> keras.Model:
        return make_model(self.config, self.genotype, self.data)

    def write_inputs(self) -> None:
        vocabulary_file.keep_vocabulary(self.path, self.data.corpus.vocabulary)

    def other_checkpoints(self) -> list[EpochCheckpoint]:
        self.best_checkpoint = EpochCheckpoint(
            self.path / BEST_CHECKPOINT_FOLDER, self.model.recoverable_variables
        )
        return [self.best_checkpoint]

    def callbacks(self) -> list[keras.callbacks.Callback]:
        network = self.model.network
        return [
            LanguageValidation(
                self.workers, self.scores, self.config, self.data, network
            )
        ]

    def recorder(self, *records: Any) -> EpochRecorder:
        return LanguageRecorder(self.path, self.config, self.best_checkpoint, *records)

    def fit(self, first_epoch, callbacks):
        epoch, failures = first_epoch, 0
        while epoch < self.config.epochs:
            try:
                self.fit_epoch(epoch, self.data.training_batches(epoch), callbacks)
            except NotFiniteError:
                failures += 1
                if failures == _MOST_FAILURES:
                    raise
                self._recover(epoch)
            else:
                epoch, failures = epoch + 1, 0

    def _recover(self, epoch):
        best = self.best_checkpoint.restore(self.workers)
        self.model.recoveries.assign_add(1)
        if self.workers.is_chief:
            print(
                f"\nA loss is no number in epoch {epoch + 1}, which begins again with "
                f"the weights after epoch {best}, the best.",
                flush=True,
            )

    def finish(self) -> None:
        """Writes the perplexity of the test text under the best weights."""
        if (self.path / RESULTS_FILE).exists():
            return
        best_epoch, best_loss = self.scores.best_epoch()
        network = saved_language_model.load_language_model(self.path)
        evaluation = TextEvaluation(network, self.config.sequence_length)
        results = {
            "best_epoch": best_epoch,
            "val_perplexity": perplexity(best_loss),
            "test_perplexity": perplexity(self.data.test_loss(evaluation)),
        }
        self.require_folder()
        write_atomically(self.path / RESULTS_FILE, json.dumps(results, indent=2) + "\n")


def evaluate(config):
    """Evaluates a trained language model; writes nothing.

    Args:
        config: `LanguageConfig`, of which `weights` and the settings of the data count.

    Returns:
        Tuple of the perplexity of the validation text and that of the test text.

    Raises:
        UserError: If the model or the text cannot be had, or do not fit.
    """
    import_modules("activation_modules", config.activation_modules)
    if config.weights is None:
        raise UserError(
            "An evaluation needs `weights`: the folder of a training, a .keras file or "
            "a PyTorch checkpoint."
        )
    network = saved_language_model.load_language_model(config.weights, config.genotype)
    data = LanguageData(config)
    source = f"`weights`={config.weights}"
    data.check_vocabulary(network.vocabulary_size, source)
    if Path(config.weights).is_dir():
        vocabulary = vocabulary_file.read_vocabulary(config.weights)
        data.check_vocabulary(vocabulary.words, source)
    evaluation = TextEvaluation(network, config.sequence_length)
    losses = data.valid_loss(evaluation), data.test_loss(evaluation)
    return tuple(perplexity(loss) for loss in losses)


def make_model(
    config: LanguageConfig, genotype: SavedGenotype | None, data: LanguageData
) -> keras.Model:
    """Builds and compiles the `LanguageTrainingModel` of a configuration.

    Args:
        config: `LanguageConfig`.
        genotype: `RecurrentGenotype`; not read where the configuration is of a row of
            the tables.
        data: `LanguageData`.
    """
    keras.utils.set_random_seed(config.seed)
    network = _make_network(config, genotype, data.vocabulary_size)
    network.build()
    model = LanguageTrainingModel(
        network, config.batch_size, config.gradient_clip, config.slowness, config.seed
    )
    model.compile(AveragedSGD(config.learning_rate, config.weight_decay))
    return model


def _make_network(config, genotype, vocabulary_size):
    row = config.row()
    if row is None:
        cell = EvaluationCell(config.hidden_size, genotype)
        return LanguageModel(vocabulary_size, cell, config.dropout, config.seed)
    return row.build(
        vocabulary_size=vocabulary_size,
        hidden_size=config.hidden_size,
        dropout=config.dropout,
        seed=config.seed,
    )


def _genotype_of(network):
    """Returns the genotype of a network's cell, or `None` if it has none."""
    cell = getattr(network, "cell", None)
    return cell.genotype if isinstance(cell, EvaluationCell) else None


def _check_epoch(config):
    if config.genotype_epoch is not None:
        raise UserError(
            f"`genotype_epoch`={config.genotype_epoch} is for the folder of a search, "
            f"and `genotype`={config.genotype} is a row of the tables."
        )
