"""Checkpoints of a run at the ends of epochs."""

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import keras
import tensorflow as tf
from absl import logging

from darts_tf.atomic_file import sync
from darts_tf.checksum import checksum
from darts_tf.distribution.workers import Workers
from darts_tf.errors import UserError, first_line
from darts_tf.failures import first_reason
from darts_tf.run_layout import (
    METRICS_FILE,
    checkpoint_name,
    checkpoint_prefixes,
    epochs_of,
)
from darts_tf.runs.metrics_table import MetricsTable
from darts_tf.runs.scores import Scores

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
# Errors of reading that the machine is to blame for: such a checkpoint is not damaged,
# and must not be passed over for an older one.
_NO_DAMAGE = (
    MemoryError,
    tf.errors.ResourceExhaustedError,
    tf.errors.PermissionDeniedError,
)


class EpochCheckpoint:
    """Saves and restores variables, and counts epochs.

    TensorFlow writes a checkpoint beside the old ones and renames it when it is
    whole, and it verifies a checksum of each tensor when it reads one.

    Args:
        folder: Folder of the checkpoints.
        variables: List of Keras variables, in a fixed order; or a function of the
            number of epochs done that returns it, where it changes during a run.
        scores: `Scores` of the epochs, or `None`.

    Attributes:
        has_scores: Whether what was restored held the scores; earlier versions left
            them in the metrics table only.
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        variables: Sequence[keras.Variable] | Callable[[int], Sequence[keras.Variable]],
        scores: Scores | None = None,
    ):
        self.folder = Path(folder)
        is_function = callable(variables)
        self._variables_after = variables if is_function else lambda _: variables
        self._scores = scores
        self._epoch = tf.Variable(0, dtype=tf.int64)
        self._variables = None
        self._take_variables(0)
        self.has_scores = True

    def _take_variables(self, epochs):
        """Makes the checkpoints of the variables that there are after some epochs."""
        before, self._variables = self._variables, self._variables_after(epochs)
        if before is not None and _are_same(before, self._variables):
            return
        parts = {
            "epoch": self._epoch,
            "variables": [variable.value for variable in self._variables],
        }
        self._without_scores = tf.train.Checkpoint(**parts)
        more = {"scores": self._scores.variable} if self._scores else {}
        self._checkpoint = tf.train.Checkpoint(**parts, **more)

    def save(self, epoch: int) -> None:
        """Saves the state after `epoch` epochs; keeps that and the one before.

        Raises:
            UserError: If it cannot be written; those before are kept.
        """
        self._take_variables(epoch)
        self._epoch.assign(epoch)
        prefix = self.folder / checkpoint_name(epoch)
        try:
            self._checkpoint.write(str(prefix))
        except tf.errors.OpError as error:
            self._remove(prefix)
            raise UserError(
                f"The checkpoint {prefix} cannot be written ({first_reason(error)}). "
                "Make space, then the same command continues."
            ) from error
        for file in self.folder.glob(f"{prefix.name}.*"):
            sync(file)
        sync(self.folder)
        for old in checkpoint_prefixes(self.folder)[2:]:
            self._remove(old)

    def _remove(self, prefix):
        for file in self.folder.glob(f"{prefix.name}.*"):
            file.unlink()
        shutil.rmtree(f"{prefix}_temp", ignore_errors=True)

    def restore(self, workers: Workers | None = None) -> int | None:
        """Restores the newest checkpoint that is whole.

        Args:
            workers: `Workers`, all of which read the same checkpoints, or `None`.

        Returns:
            The number of epochs done, or `None` if there is no checkpoint.

        Raises:
            UserError: If there are checkpoints, but none can be read, or one is of
                another network, or if not all workers find the same one.
        """
        epochs_done = self._read_newest()
        if workers:
            # All read the same files, so none may write before every one has read.
            workers.check_equal(
                lambda: {
                    f"newest checkpoint in {self.folder}": epochs_done,
                    "checksum of the weights": checksum(
                        variable.numpy() for variable in self._variables
                    ),
                }
            )
        return epochs_done

    def _read_newest(self):
        existing = checkpoint_prefixes(self.folder)
        for prefix in existing:
            try:
                self._read(prefix)
                return int(self._epoch.numpy())
            except (UserError, *_NO_DAMAGE):
                raise
            except Exception as error:  # a damaged file may raise anything
                reason = first_line(error)
                logging.warning(
                    "Checkpoint %s is damaged and passed over: %s", prefix, reason
                )
        if existing:
            raise UserError(
                f"No checkpoint in {self.folder} can be read; put one back, or name a "
                "new folder to start again."
            )
        return None

    def _read(self, prefix):
        shapes = tf.train.load_checkpoint(str(prefix)).get_variable_to_shape_map()
        self._take_variables(epochs_of(prefix))
        self._check_shapes(prefix, shapes)
        self.has_scores = f"scores{_VALUE}" in shapes
        checkpoint = self._checkpoint if self.has_scores else self._without_scores
        checkpoint.read(str(prefix)).assert_consumed()

    def _check_shapes(self, prefix, shapes):
        """Refuses a sound checkpoint of other variables."""
        found = [
            shapes.get(f"variables/{number}{_VALUE}")
            for number in range(len(self._variables))
        ]
        count = sum(name.startswith("variables/") for name in shapes)
        differ = f"{count} variables there, {len(found)} now"
        for variable, shape in zip(self._variables, found):
            if shape is not None and tuple(shape) != tuple(variable.shape):
                differ = f"{variable.path}: {shape} there, {list(variable.shape)} now"
                break
        else:
            if count == len(found) and None not in found:
                return
        raise UserError(
            f"The checkpoint {prefix} is of another network ({differ}), which data or "
            "modules of one's own may have changed; bring them back, or name a new "
            "folder."
        )

    def resume(
        self,
        run: str | os.PathLike,
        epochs: int,
        columns: Sequence[str],
        read_run: Callable[[Path], object],
        others: Iterable["EpochCheckpoint"] = (),
        workers: Workers | None = None,
        later: Collection[str] = (),
    ) -> MetricsTable:
        """Restores a run as far as it came, or saves its start, and says so.

        Args:
            run: Path of the run.
            epochs: Number of epochs that it is to have.
            columns: Columns of its metrics table.
            read_run: Function of the path that reads what its report will need, and
                raises an error where that is missing or damaged.
            others: Checkpoints whose start is saved before this one's.
            workers: `Workers`, all of which read the same checkpoints, and of which
                the chief writes them.
            later: See `MetricsTable`.

        Returns:
            The `MetricsTable` of the epochs done.

        Raises:
            UserError: If not all workers find the same checkpoint, or the other files
                of the run do not fit it.
        """
        epochs_done = self.restore(workers)
        is_chief = workers is None or workers.is_chief
        path = Path(run) / METRICS_FILE
        table = MetricsTable(path, epochs_done or 0, columns, later)
        if epochs_done:
            self._check_scores(table)
            read_run(run)
        elif epochs_done is None and is_chief:
            for checkpoint in (*others, self):
                checkpoint.save(0)
        if is_chief and (epochs_done or 0) < epochs:
            text = f"The run is in {run}."
            if epochs_done is not None:
                text += f" Continuing after epoch {epochs_done}."
            print(text, flush=True)
        return table

    def _check_scores(self, table):
        if self.has_scores:
            self._scores.check(table)
        else:
            self._scores.read(table)


def _are_same(first, second):
    return [*map(id, first)] == [*map(id, second)]
