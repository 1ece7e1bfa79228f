"""The template of every run, whatever it computes."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import keras
import tensorflow as tf

from darts_tf.distribution.interruption import EndWithoutFolder, interruption_callbacks
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.run_layout import CHECKPOINT_FOLDER
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.runs.prepared_run import PreparedRun, prepared_run
from darts_tf.runs.profiler import Profiler
from darts_tf.runs.report_callback import ReportCallback
from darts_tf.runs.scores import Scores
from darts_tf.runs.stop_at_nan import StopAtNaN
from darts_tf.settings import Settings
from darts_tf.weight_count import count_weights


class Experiment:
    """A run from its settings to its report; a subclass is a kind of run.

    `run` checks everything, builds the model, continues where the run was cut off,
    trains, and writes the report. A subclass says what is particular to its kind: the
    data, the model, what is written after an epoch, and the page.

    Args:
        config: The settings, a `Config`.

    Attributes:
        NAME: Of folders of such runs, where a user gives none.
        FORMAT: Format of `config.json`, which tells the kind of a run.
        COLUMNS: Columns of the table of metrics.
        SCORE: Column that decides which epoch is the best, and `max` or `min`.
        Config: Class of the settings.
        LOSSES: Names of the logs of a step that must stay finite.
        Data: Function of the settings that returns the data: an object with
            `fingerprint()` and `description()`, dictionaries that JSON can hold.
        genotype: What is trained; `None` for a search.
        data: What `Data` returned, in a run.
        model: What `make_model` returned, in a run.
        workers: `Workers` of the run.
        path: Path of the run folder.
    """

    NAME: ClassVar[str]
    FORMAT: ClassVar[str]
    COLUMNS: ClassVar[Sequence[str]]
    SCORE: ClassVar[tuple[str, Callable]]
    LOSSES: ClassVar[Sequence[str]] = ("loss",)
    Config: ClassVar[type[Settings]]
    Data: ClassVar[Callable]

    def __init__(self, config: Settings):
        self.config = config
        self.genotype: SavedGenotype | None = None

    def run(self, output: str | Path) -> Path | None:
        """Does the run, or continues it where it was cut off.

        Args:
            output: Path of the run folder.

        Returns:
            Path of the run folder; `None` in a process that helps another one, which
            has the folder.

        Raises:
            UserError: If anything in the input or the surroundings stops the run;
                nothing has been overwritten then.
        """
        self.prepare()
        with prepared_run(self, output) as run:
            self.data, self.workers, self.path = run.data, run.workers, run.folder.path
            self.require_folder = run.folder.require_claim
            # The model comes before the folder is made, so that a network which cannot
            # be built leaves none.
            with run.strategy.scope():
                self.model = self.make_model()
            with run.claimed():
                if self.workers.is_chief:
                    run.write_config(count_weights(self.model.network))
                    self.write_inputs()
                self._fit(run)
                if self.workers.is_chief:
                    self.finish()
                    self.require_folder()
                    self.write_page(self.path)
        return run.folder.path

    def prepare(self) -> None:
        """Imports the user's modules, looks names up and sets `genotype`."""

    def check_replicas(self, count: int) -> None:
        """Raises a `UserError` for settings that `count` replicas cannot run."""

    def make_model(self) -> keras.Model:
        """Builds and compiles the model, in the scope of the strategy."""
        raise NotImplementedError

    def state_variables(self, epochs: int) -> list[keras.Variable]:
        """Returns what a checkpoint after some epochs holds.

        Where the model changes during a run, it is from then on the one of these.

        Args:
            epochs: Number of epochs done.
        """
        return self.model.state_variables

    def write_inputs(self) -> None:
        """Writes, before the first epoch, what a run keeps of its data."""

    def columns(self) -> Sequence[str]:
        """Columns of the table of metrics for the data of this run."""
        return self.COLUMNS

    def later_columns(self) -> Sequence[str]:
        """Those of the columns that runs of earlier versions do not have."""
        return ()

    @staticmethod
    def read(folder: Path) -> Any:
        """Reads the folder of a run; errors where it is damaged."""
        raise NotImplementedError

    def other_checkpoints(self) -> list[EpochCheckpoint]:
        """Checkpoints beside that of the last epochs."""
        return []

    def callbacks(self) -> list[keras.callbacks.Callback]:
        """Callbacks of this kind of run, on every worker."""
        return []

    def recorder(self, *records: Any) -> EpochRecorder:
        """Returns what writes the results of an epoch.

        Args:
            *records: Table, scores and checkpoint, see `EpochRecorder`.
        """
        raise NotImplementedError

    def has_ended(self, first_epoch: int) -> bool:
        """Whether the run had ended before `first_epoch`, counted from 0."""
        return False

    def fit(self, first_epoch: int, callbacks: list) -> None:
        """Trains from `first_epoch`, counted from 0, to the end."""
        raise NotImplementedError

    def fit_epochs(
        self,
        make_batches: Callable,
        make_validation_batches: Callable,
        first_epoch: int,
        callbacks: list,
        epochs: int | None = None,
    ) -> None:
        """Trains all epochs in one `fit`; they have `data.steps_per_epoch` steps each.

        Args:
            make_batches: Function of the first epoch and of `Workers`' input context
                that returns the batches from there to the end.
            make_validation_batches: Function of the input context.
            first_epoch, callbacks: See `fit`.
            epochs: The epoch after the last one; default is that of the settings.
        """
        callbacks = [*self._progress_bar(), *callbacks]
        if epochs not in (None, self.config.epochs):
            steps = self.data.steps_per_epoch
            callbacks = self._counting_all_epochs(callbacks, steps)
        self.model.fit(
            self.workers.training_batches(functools.partial(make_batches, first_epoch)),
            initial_epoch=first_epoch,
            epochs=epochs or self.config.total_epochs,
            steps_per_epoch=self.data.steps_per_epoch,
            shuffle=False,
            verbose="auto" if self.workers.is_chief else 0,
            callbacks=callbacks,
            **self.workers.validation(make_validation_batches),
        )

    def fit_epoch(
        self, epoch: int, batches: tf.data.Dataset, callbacks: list, **arguments: Any
    ) -> None:
        """Trains one epoch, with a bar that counts all: their lengths differ.

        Args:
            epoch: The epoch, counted from 0.
            batches: Of known length.
            callbacks: See `fit`.
            **arguments: See `keras.Model.fit`.
        """
        self.model.fit(
            batches,
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,
            callbacks=self._counting_all_epochs(
                [*self._progress_bar(), *callbacks], len(batches)
            ),
            **arguments,
        )

    def _counting_all_epochs(self, callbacks, steps):
        """Callbacks of a `fit` of some epochs, for which the bar counts all."""
        return keras.callbacks.CallbackList(
            callbacks,
            add_history=True,
            model=self.model,
            verbose=1,
            epochs=self.config.total_epochs,
            steps=steps,
        )

    def _progress_bar(self):
        # The bar comes first, so that it ends before the line that sums the epoch up.
        return [keras.callbacks.ProgbarLogger()] if self.workers.is_chief else []

    def finish(self) -> None:
        """Writes what only a finished run has."""

    @staticmethod
    def write_page(folder: Path) -> Path:
        """Writes the report."""
        raise NotImplementedError

    def _fit(self, run: PreparedRun) -> None:
        self.scores = Scores(*self.SCORE)
        checkpoint = EpochCheckpoint(
            self.path / CHECKPOINT_FOLDER, self.state_variables, self.scores
        )
        table = checkpoint.resume(
            self.path,
            self.config.total_epochs,
            self.columns(),
            self.read,
            self.other_checkpoints(),
            self.workers,
            self.later_columns(),
        )
        first_epoch = len(table.rows)
        if self.has_ended(first_epoch):
            return
        own = [StopAtNaN(self.LOSSES), *self.callbacks()]
        recording = []
        if self.workers.is_chief:
            recording = self._recording(run, table, checkpoint)
        limit = self.config.worker_timeout
        with interruption_callbacks(self.workers, limit) as interruption:
            self.fit(first_epoch, [*own, *interruption, *recording])

    def _recording(self, run, table, checkpoint):
        """Returns the callbacks of the one process that writes the folder."""
        return [
            EndWithoutFolder(run.folder),
            self.recorder(table, self.scores, checkpoint),
            ReportCallback(self.write_page, self.path),
            *([Profiler(self.path)] if self.config.profile else []),
        ]
