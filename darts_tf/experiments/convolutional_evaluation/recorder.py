"""The callback by which the training of an evaluation network writes its results."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import ImageTrainingData
from darts_tf.experiments.convolutional_evaluation.predictions import predict
from darts_tf.keras_file import save_model
from darts_tf.run_layout import BEST_MODEL_FILE, LATEST_MODEL_FILE, PREDICTIONS_FILE
from darts_tf.runs.epoch_recorder import EpochRecorder


class ImageTrainingRecorder(EpochRecorder):
    """Writes networks, and what the best one makes of the validation images.

    Args:
        folder: Path of the run.
        config: `ImageTrainingConfig`.
        data: `ImageTrainingData`.
        *records: Table, scores and checkpoint, see `EpochRecorder`.
    """

    def __init__(
        self,
        folder: Path,
        config: ImageTrainingConfig,
        data: ImageTrainingData,
        *records: Any,
    ):
        super().__init__(folder, config.epochs, *records)
        self.config, self.data = config, data

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._step_ends = []

    def on_train_batch_end(self, batch, logs=None):
        self._step_ends.append(time.monotonic())

    def columns(self, epoch: int, logs: Mapping[str, float]) -> dict[str, Any]:
        return {
            "step": epoch * self.data.steps_per_epoch,
            "images_per_second": self._images_per_second(),
        }

    def _images_per_second(self) -> float:
        """Of all steps but the first, which may be spent on tracing."""
        ends = [self._start, *self._step_ends]
        first = 1 if len(ends) > 2 else 0
        steps = len(ends) - 1 - first
        return steps * self.config.batch_size / (ends[-1] - ends[first])

    def write_results(self, epoch: int, is_best: bool) -> None:
        network = self.model.network
        if is_best:
            save_model(network, self.folder / BEST_MODEL_FILE)
            batches = self.data.validation_batches()
            found = predict(self.model, batches, self.data.mean, self.data.std)
            write_atomically(self.folder / PREDICTIONS_FILE, found.to_npz())
        save_model(network, self.folder / LATEST_MODEL_FILE)

    def summary(self, row: Mapping[str, float]) -> str:
        best_epoch, best = self.scores.best_epoch()
        return (
            f"loss {row['loss']:.4f}, {errors(row)}; validation loss "
            f"{row['val_loss']:.4f}, {errors(row, 'val_')} (best {1 - best:.2%} in "
            f"epoch {best_epoch}); {row['images_per_second']:.0f} images/s"
        )


def errors(metrics: Mapping[str, float], prefix: str = "") -> str:
    """Says in words which shares of the images were classified wrongly.

    Args:
        metrics: Dictionary with `accuracy` and, for enough classes, `top_5_accuracy`.
        prefix: Of these names.
    """
    text = f"top-1 error {1 - metrics[prefix + 'accuracy']:.2%}"
    if prefix + "top_5_accuracy" in metrics:
        text += f", top-5 error {1 - metrics[prefix + 'top_5_accuracy']:.2%}"
    return text
