"""The recorder of a search of normal and reduction cells."""

from collections.abc import Mapping

from darts_tf.experiments.architecture_recorder import ArchitectureRecorder


class SearchRecorder(ArchitectureRecorder):
    """Words losses and accuracies; arguments as `ArchitectureRecorder`."""

    def summary(self, row: Mapping[str, float]) -> str:
        best_epoch, best = self.scores.best_epoch()
        return (
            f"loss {row['loss']:.4f}, accuracy {row['accuracy']:.4f}; "
            f"validation loss {row['val_loss']:.4f}, accuracy "
            f"{row['val_accuracy']:.4f} (best {best:.4f} in epoch {best_epoch})"
            f"{self.eigenvalue(row)}"
        )
