"""What the training of a language model writes after each epoch."""

import math
import time

import keras
import tensorflow as tf

from darts_tf.keras_file import BEST_MODEL_FILE, LATEST_MODEL_FILE, save_model
from darts_tf.report.language_run import COLUMNS
from darts_tf.training.averaged_sgd import has_stopped_improving
from darts_tf.training.language_evaluation import TextEvaluation, perplexity
from darts_tf.training.metrics_table import MetricsTable
from darts_tf.training.runtime import peak_memory_gb
from darts_tf.training.stop_at_nan import NotFiniteError


class LanguageRecorder(keras.callbacks.Callback):
    """Evaluates, then writes metrics, models and checkpoints.

    Evaluated and kept as models are the averaged weights, once there are any. When the
    validation has not improved for long, averaging begins. The checkpoint comes after
    everything that it stands for, so that a run cut off at any moment repeats an epoch
    rather than losing a part of one.

    Args:
        folder: Path of the run.
        checkpoint: `EpochCheckpoint` of the last epochs.
        best_checkpoint: That of the best epoch, to which the training goes back.
        epochs_done: Number of epochs done before.
        config: `LanguageConfig`.
        data: `LanguageData`.
        network: The `LanguageModel` that is trained.
    """

    def __init__(
        self, folder, checkpoint, best_checkpoint, epochs_done, config, data, network
    ):
        super().__init__()
        self.folder, self.config, self.data = folder, config, data
        self.checkpoint, self.best_checkpoint = checkpoint, best_checkpoint
        self.evaluation = TextEvaluation(network, config.sequence_length)
        self.table = MetricsTable(folder / "metrics.csv", epochs_done, COLUMNS)
        self.writer = tf.summary.create_file_writer(str(folder / "tensorboard"))

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        optimizer, network = self.model.optimizer, self.model.network
        with optimizer.averaged_weights():
            self.table.append(self._row(epoch, logs["loss"]))
            is_best = self.table.least_loss()["epoch"] == epoch
            save_model(network, self.folder / LATEST_MODEL_FILE)
            if is_best:
                save_model(network, self.folder / BEST_MODEL_FILE)
        if is_best:
            self.best_checkpoint.save(epoch)
        losses = [float(row["val_loss"]) for row in self.table.rows]
        if has_stopped_improving(losses, self.config.averaging_patience):
            optimizer.start_averaging()
        self._write_tensorboard(epoch)
        self.checkpoint.save(epoch)
        print(self._summary(), flush=True)

    def _row(self, epoch, loss):
        optimizer = self.model.optimizer
        val_loss = self.data.valid_loss(self.evaluation)
        if not math.isfinite(val_loss):
            raise NotFiniteError(
                f"The validation loss is {val_loss} after epoch {epoch}. Try a smaller "
                "--learning_rate or --gradient_clip, in a new --output."
            )
        return {
            "epoch": epoch,
            "step": int(optimizer.iterations.numpy()),
            "learning_rate": self.config.learning_rate,
            "loss": loss,
            "perplexity": perplexity(loss),
            "val_loss": val_loss,
            "val_perplexity": perplexity(val_loss),
            "averaging": int(optimizer.is_averaging),
            "recoveries": int(self.model.recoveries.numpy()),
            "seconds": time.monotonic() - self._start,
            "peak_memory_gb": peak_memory_gb(),
        }

    def _write_tensorboard(self, epoch):
        with self.writer.as_default(step=epoch):
            for name, value in self.table.rows[-1].items():
                tf.summary.scalar(name, float(value))
        self.writer.flush()

    def _summary(self):
        row, best = self.table.rows[-1], self.table.least_loss()
        averaged = " of averaged weights" if row["averaging"] else ""
        return (
            f"epoch {row['epoch']}/{self.config.epochs}: perplexity "
            f"{row['perplexity']:.2f}; validation perplexity{averaged} "
            f"{row['val_perplexity']:.2f} (best {float(best['val_perplexity']):.2f} in "
            f"epoch {best['epoch']}); {row['seconds']:.0f} s, "
            f"{row['peak_memory_gb']:.1f} GB"
        )
