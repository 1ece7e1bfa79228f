"""What the training of a language model writes after each epoch."""

import time

import keras
import tensorflow as tf

from darts_tf.recurrent.text_evaluation import perplexity
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.weights.keras_file import BEST_MODEL_FILE, LATEST_MODEL_FILE, save_model


class LanguageRecorder(keras.callbacks.Callback):
    """Writes metrics, models and checkpoints, after a `LanguageValidation`.

    Kept as models are the averaged weights, once there are any. The checkpoint comes
    after everything that it stands for, so that a run cut off at any moment repeats an
    epoch rather than losing a part of one.

    Args:
        folder: Path of the run.
        table: `MetricsTable` of the epochs before.
        scores: `Scores` of all epochs, to which `LanguageValidation` adds.
        checkpoint: `EpochCheckpoint` of the last epochs, which holds the scores.
        best_checkpoint: That of the best epoch, to which the training goes back.
        config: `LanguageConfig`.
    """

    def __init__(self, folder, table, scores, checkpoint, best_checkpoint, config):
        super().__init__()
        self.folder, self.table, self.scores = folder, table, scores
        self.config = config
        self.checkpoint, self.best_checkpoint = checkpoint, best_checkpoint
        self.writer = tf.summary.create_file_writer(str(folder / "tensorboard"))

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        network = self.model.network
        self.table.append(self._row(epoch, logs["loss"], logs["val_loss"]))
        is_best = self.scores.best_epoch()[0] == epoch
        with self.model.optimizer.averaged_weights():
            save_model(network, self.folder / LATEST_MODEL_FILE)
            if is_best:
                save_model(network, self.folder / BEST_MODEL_FILE)
        if is_best:
            self.best_checkpoint.save(epoch)
        self._write_tensorboard(epoch)
        self.checkpoint.save(epoch)
        print(self._summary(), flush=True)

    def _row(self, epoch, loss, val_loss):
        optimizer = self.model.optimizer
        return {
            "epoch": epoch,
            "step": int(optimizer.iterations.numpy()),
            "learning_rate": self.config.learning_rate,
            "loss": loss,
            "perplexity": perplexity(loss),
            "val_loss": val_loss,
            "val_perplexity": perplexity(val_loss),
            "averaging": int(optimizer.has_averages),
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
        row, (best_epoch, best_loss) = self.table.rows[-1], self.scores.best_epoch()
        averaged = " of averaged weights" if row["averaging"] else ""
        return (
            f"epoch {row['epoch']}/{self.config.epochs}: perplexity "
            f"{row['perplexity']:.2f}; validation perplexity{averaged} "
            f"{row['val_perplexity']:.2f} (best {perplexity(best_loss):.2f} in "
            f"epoch {best_epoch}); {row['seconds']:.0f} s, "
            f"{row['peak_memory_gb']:.1f} GB"
        )
