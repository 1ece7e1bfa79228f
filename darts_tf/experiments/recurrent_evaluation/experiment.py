"""The whole training of a language model: from texts to a report."""

import json
from typing import Any

import keras

from darts_tf.atomic_file import write_atomically
from darts_tf.data.text import vocabulary_file
from darts_tf.errors import UserError
from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.experiments.recurrent_evaluation.data import LanguageData
from darts_tf.experiments.recurrent_evaluation.model import (
    genotype_of_row,
    make_model,
)
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
from darts_tf.plugins import import_modules
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
            self.genotype = genotype_of_row(self.config, row)

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
