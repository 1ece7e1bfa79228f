"""The recorder of a search of a recurrent cell."""

from collections.abc import Mapping

from darts_tf.experiments.architecture_recorder import ArchitectureRecorder
from darts_tf.recurrent.text_evaluation import perplexity


class RecurrentSearchRecorder(ArchitectureRecorder):
    """Words perplexities; arguments as `ArchitectureRecorder`."""

    def summary(self, row: Mapping[str, float]) -> str:
        best_epoch, loss = self.scores.best_epoch()
        best = perplexity(loss)
        return (
            f"perplexity {row['perplexity']:.2f}; validation perplexity "
            f"{row['val_perplexity']:.2f} (best {best:.2f} in epoch {best_epoch})"
            f"{self.eigenvalue(row)}"
        )
