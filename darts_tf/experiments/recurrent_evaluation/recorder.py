"""The callback by which the training of a language model writes its results."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.experiments.recurrent_evaluation.config import LanguageConfig
from darts_tf.keras_file import save_model
from darts_tf.recurrent.text_evaluation import perplexity
from darts_tf.run_layout import BEST_MODEL_FILE, LATEST_MODEL_FILE
from darts_tf.runs.checkpoint import EpochCheckpoint
from darts_tf.runs.epoch_recorder import EpochRecorder


class LanguageRecorder(EpochRecorder):
    """Writes models after a `LanguageValidation`, which judges the epoch.

    Kept are the averaged weights, once there are any.

    Args:
        folder: Path of the run.
        config: `LanguageConfig`.
        best_checkpoint: `EpochCheckpoint` of the best epoch, to which the training
            goes back.
        *records: Table, scores and checkpoint, see `EpochRecorder`.
    """

    def __init__(
        self,
        folder: Path,
        config: LanguageConfig,
        best_checkpoint: EpochCheckpoint,
        *records: Any,
    ):
        super().__init__(folder, config.epochs, *records)
        self.learning_rate = config.learning_rate
        self.best_checkpoint = best_checkpoint

    def columns(self, epoch: int, logs: Mapping[str, float]) -> dict[str, Any]:
        return {
            "learning_rate": self.learning_rate,
            "perplexity": perplexity(logs["loss"]),
            "val_perplexity": perplexity(logs["val_loss"]),
            "averaging": int(self.model.optimizer.has_averages),
            "recoveries": int(self.model.recoveries.numpy()),
        }

    def write_results(self, epoch: int, is_best: bool) -> None:
        network = self.model.network
        with self.model.optimizer.averaged_weights():
            save_model(network, self.folder / LATEST_MODEL_FILE)
            if is_best:
                save_model(network, self.folder / BEST_MODEL_FILE)
        if is_best:
            self.best_checkpoint.save(epoch)

    def summary(self, row: Mapping[str, float]) -> str:
        best_epoch, best_loss = self.scores.best_epoch()
        averaged = " of averaged weights" if row["averaging"] else ""
        return (
            f"perplexity {row['perplexity']:.2f}; validation perplexity{averaged} "
            f"{row['val_perplexity']:.2f} (best {perplexity(best_loss):.2f} in epoch "
            f"{best_epoch})"
        )
