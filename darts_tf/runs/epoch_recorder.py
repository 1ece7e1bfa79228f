"""The callback by which every run writes its results after an epoch."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from darts_tf.run_layout import TENSORBOARD_FOLDER
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.metrics_table import CommonColumns, MetricsTable
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.runs.scores import Scores


class EpochRecorder(keras.callbacks.Callback):
    """Writes metrics, results, TensorBoard's logs and a checkpoint; says the losses.

    The checkpoint comes after everything that it stands for, so that a run cut off
    at any moment repeats an epoch rather than losing a part of one. A subclass writes
    the results.

    Args:
        folder: Path of the run.
        epochs: Number of all epochs.
        table: Of the epochs before.
        scores: Those of the same epochs.
        checkpoint: That of the run, which holds the scores.
    """

    def __init__(
        self,
        folder: Path,
        epochs: int,
        table: MetricsTable,
        scores: Scores,
        checkpoint: EpochCheckpoint,
    ):
        super().__init__()
        self.folder, self.epochs = folder, epochs
        self.table, self.scores, self.checkpoint = table, scores, checkpoint
        self._writer = tf.summary.create_file_writer(str(folder / TENSORBOARD_FOLDER))

    def columns(self, epoch: int, logs: Mapping[str, float]) -> dict[str, Any]:
        """Returns the columns of an epoch, counted from 1, that others do not have."""
        return {}

    def write_results(self, epoch: int, is_best: bool) -> None:
        """Writes what the epoch, counted from 1, has resulted in."""
        raise NotImplementedError

    def log_results(self, epoch: int) -> None:
        """Adds summaries to TensorBoard's log, for the epoch as its step."""

    def summary(self, row: Mapping[str, float]) -> str:
        """Says the losses of an epoch in words."""
        raise NotImplementedError

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        self.table.append(self._row(epoch, logs))
        # A callback before this one has appended the score where all workers judge the
        # epoch, since this one runs on the chief only.
        if len(self.scores.values) < epoch:
            self.scores.append(logs[self.scores.column])
        self.write_results(epoch, is_best=self.scores.best_epoch()[0] == epoch)
        with self._writer.as_default(step=epoch):
            for name, value in self.table.rows[-1].items():
                if not math.isnan(float(value)):
                    tf.summary.scalar(name, float(value))
            self.log_results(epoch)
        self._writer.flush()
        self.checkpoint.save(epoch)
        row = self.table.rows[-1]
        print(
            f"epoch {epoch}/{self.epochs}: {self.summary(row)}; "
            f"{row['seconds']:.0f} s, {row['peak_memory_gb']:.1f} GB",
            flush=True,
        )

    def _row(self, epoch, logs):
        optimizer = self.model.optimizer
        common = CommonColumns(
            epoch=epoch,
            step=int(optimizer.iterations.numpy()),
            learning_rate=float(optimizer.learning_rate.numpy()),
            seconds=time.monotonic() - self._start,
            peak_memory_gb=peak_memory_gb(),
        )
        return {**logs, **common._asdict(), **self.columns(epoch, logs)}
