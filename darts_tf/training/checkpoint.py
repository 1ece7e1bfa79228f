"""Checkpoints of a search at the ends of epochs."""

from pathlib import Path

import tensorflow as tf
from absl import logging

from darts_tf.data.checksum import checksum
from darts_tf.errors import UserError


class EpochCheckpoint:
    """Saves and restores variables, and counts epochs.

    TensorFlow writes a checkpoint beside the old ones and renames it when it is
    whole, and it verifies a checksum of each tensor when it reads one.

    Args:
        folder: Folder of the checkpoints.
        variables: List of Keras variables, in a fixed order.
    """

    def __init__(self, folder, variables):
        self.folder, self._variables = Path(folder), variables
        self._epoch = tf.Variable(0, dtype=tf.int64)
        self._checkpoint = tf.train.Checkpoint(
            epoch=self._epoch, variables=[variable.value for variable in variables]
        )

    def save(self, epoch):
        """Saves the state after `epoch` epochs; keeps that and the one before.

        Raises:
            UserError: If it cannot be written; those before are kept.
        """
        self._epoch.assign(epoch)
        prefix = self.folder / f"epoch_{epoch:04d}"
        try:
            self._checkpoint.write(str(prefix))
        except tf.errors.OpError as error:
            self._remove(prefix)
            reason = str(error).strip().splitlines()[0]
            raise UserError(
                f"The checkpoint {prefix} cannot be written ({reason}). Make space, "
                "then the same command continues."
            ) from error
        for old in self._existing()[2:]:
            self._remove(old)

    def _remove(self, prefix):
        for file in self.folder.glob(f"{prefix.name}.*"):
            file.unlink()

    def restore(self, workers=None):
        """Restores the newest checkpoint that is whole.

        Args:
            workers: `Workers`, all of which read the same checkpoints, or `None`.

        Returns:
            The number of epochs done, or `None` if there is no checkpoint.

        Raises:
            UserError: If there are checkpoints, but none can be read, or if not all
                workers find the same one.
        """
        epochs_done = self._read_newest()
        if workers:
            # None of them writes before all have read.
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
        existing = self._existing()
        for prefix in existing:
            try:
                self._checkpoint.read(str(prefix)).assert_consumed()
                return int(self._epoch.numpy())
            except Exception as error:  # a damaged file may raise anything
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                logging.warning(
                    "Checkpoint %s is damaged and passed over: %s", prefix, reason
                )
        if existing:
            raise UserError(
                f"No checkpoint in {self.folder} can be read; remove the folder of the "
                "run, or name a new one, to start again."
            )
        return None

    def resume(self, run, epochs, others=(), workers=None):
        """Restores a run as far as it came, or saves its start, and says so.

        Args:
            run: Path of the run.
            epochs: Number of epochs that it is to have.
            others: Checkpoints whose start is saved before this one's.
            workers: `Workers`, all of which read the same checkpoints, and of which
                the chief writes them.

        Returns:
            The number of epochs done.

        Raises:
            UserError: If not all workers find the same checkpoint.
        """
        epochs_done = self.restore(workers)
        if workers and not workers.is_chief:
            return epochs_done or 0
        if epochs_done is None:
            for checkpoint in (*others, self):
                checkpoint.save(0)
            print(f"The run is in {run}.", flush=True)
            return 0
        if epochs_done < epochs:
            print(
                f"The run is in {run}. Continuing after epoch {epochs_done}.",
                flush=True,
            )
        return epochs_done

    def _existing(self):
        """Path of each checkpoint, without ending, the newest first."""
        indices = self.folder.glob("epoch_[0-9]*.index")
        prefixes = [index.with_suffix("") for index in indices]
        return sorted(prefixes, key=_number, reverse=True)


def _number(prefix):
    return int(prefix.name.removeprefix("epoch_"))
