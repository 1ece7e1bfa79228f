"""What the training of an evaluation network writes while it runs."""

import time

import keras

from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.convolutional_evaluation.predictions import predict
from darts_tf.experiments.convolutional_evaluation.results import PREDICTIONS_FILE
from darts_tf.runs.provenance import peak_memory_gb
from darts_tf.weights.keras_file import BEST_MODEL_FILE, LATEST_MODEL_FILE, save_model


class ImageTrainingRecorder(keras.callbacks.Callback):
    """Writes metrics, networks, predictions and a checkpoint.

    The checkpoint comes after everything that it stands for, so that a run cut off
    at any moment repeats an epoch rather than losing a part of one.

    Args:
        folder: Path of the run.
        table: `MetricsTable` of the epochs before.
        scores: Their `Scores`.
        checkpoint: `EpochCheckpoint`, which holds the scores.
        config: `ImageTrainingConfig`.
        data: `ImageTrainingData`.
    """

    def __init__(self, folder, table, scores, checkpoint, config, data):
        super().__init__()
        self.folder, self.table, self.scores = folder, table, scores
        self.checkpoint, self.config, self.data = checkpoint, config, data

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()
        self._step_ends = []

    def on_train_batch_end(self, batch, logs=None):
        self._step_ends.append(time.monotonic())

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        row = {
            **logs,
            "epoch": epoch,
            "step": epoch * self.data.steps_per_epoch,
            "learning_rate": float(self.model.optimizer.learning_rate.numpy()),
            "images_per_second": self._images_per_second(),
            "seconds": time.monotonic() - self._start,
            "peak_memory_gb": peak_memory_gb(),
        }
        self.table.append(row)
        self.scores.append(row[self.scores.column])
        self._write_networks(epoch)
        self.checkpoint.save(epoch)
        print(self._summary(row), flush=True)

    def _images_per_second(self):
        """Of all steps but the first, which may be spent on tracing."""
        ends = [self._start, *self._step_ends]
        first = 1 if len(ends) > 2 else 0
        steps = len(ends) - 1 - first
        return steps * self.config.batch_size / (ends[-1] - ends[first])

    def _write_networks(self, epoch):
        network = self.model.network
        if self.scores.best_epoch()[0] == epoch:
            save_model(network, self.folder / BEST_MODEL_FILE)
            batches = self.data.validation_batches()
            found = predict(self.model, batches, self.data.mean, self.data.std)
            write_atomically(self.folder / PREDICTIONS_FILE, found.to_npz())
        save_model(network, self.folder / LATEST_MODEL_FILE)

    def _summary(self, row):
        best_epoch, best = self.scores.best_epoch()
        return (
            f"epoch {row['epoch']}/{self.config.epochs}: loss {row['loss']:.4f}, "
            f"{errors(row)}; validation loss {row['val_loss']:.4f}, "
            f"{errors(row, 'val_')} (best {1 - best:.2%} in epoch {best_epoch}); "
            f"{row['images_per_second']:.0f} images/s, {row['seconds']:.0f} s, "
            f"{row['peak_memory_gb']:.1f} GB"
        )


def errors(metrics, prefix=""):
    """Says in words which shares of the images were classified wrongly.

    Args:
        metrics: Dictionary with `accuracy` and, for enough classes, `top_5_accuracy`.
        prefix: Of these names.
    """
    text = f"top-1 error {1 - metrics[prefix + 'accuracy']:.2%}"
    if prefix + "top_5_accuracy" in metrics:
        text += f", top-5 error {1 - metrics[prefix + 'top_5_accuracy']:.2%}"
    return text
