"""What the searches of convolutional and of recurrent cells have in common."""

from collections.abc import Sequence
from typing import Any

import keras

from darts_tf.experiments import eigenvalue_log
from darts_tf.experiments.architecture_run import ArchitectureRun
from darts_tf.experiments.eigenvalue_log import EigenvalueLog
from darts_tf.experiments.kept_epochs import write_results
from darts_tf.experiments.search_cost import cost_of_epochs
from darts_tf.method.history import FROZEN, UNDECIDED
from darts_tf.runs.experiment import Experiment
from darts_tf.runs.metrics_table import with_columns


class ArchitectureExperiment(Experiment):
    """A search, whose method may end it before its last epoch.

    Its settings are `SearchSettings`, and its data have `steps_per_epoch` and
    `last_validation_batch`.
    """

    def columns(self) -> Sequence[str]:
        return with_columns(self.search_columns(), self.later_columns())

    def search_columns(self) -> Sequence[str]:
        """Columns of the table of metrics that tables of earlier versions have too."""
        return super().columns()

    def later_columns(self) -> Sequence[str]:
        method = self.config.search_method()
        return (
            *(eigenvalue_log.COLUMNS if self.config.eigenvalue != "off" else ()),
            *((UNDECIDED,) if method.decisions else ()),
            *((FROZEN,) if method.freezing else ()),
            *self.model.cost_columns,
        )

    def callbacks(self) -> list[keras.callbacks.Callback]:
        if self.config.eigenvalue == "off":
            return super().callbacks()
        is_due = eigenvalue_log.schedule(
            self.config.eigenvalue,
            self.model.method.stop,
            self.config.total_epochs,
            self.data.steps_per_epoch,
            self.model.passes,
        )
        last_batch = self.data.last_validation_batch
        log = EigenvalueLog(is_due, last_batch, self.config.seed)
        return [*super().callbacks(), log]

    def finish(self) -> None:
        """Writes which epochs are worth keeping, and what the search has cost."""
        self.require_folder()
        run = self.read(self.path)
        devices = self.workers.strategy.num_replicas_in_sync
        cost = cost_of_epochs(run.metrics, self.model.passes_in, devices)
        write_results(run, cost, self.further_results(run))

    def further_results(self, run: ArchitectureRun) -> dict[str, Any]:
        """Returns what else is written of a finished search, what JSON can hold.

        Args:
            run: The search.
        """
        return {}

    def has_ended(self, first_epoch: int) -> bool:
        if first_epoch and self.model.method.stop is not None:
            run = self.read(self.path)
            self.model.record.epochs = run.history[:first_epoch]
        return self.model.kept_epoch is not None
