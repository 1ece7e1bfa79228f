"""What a recurrent search writes while it runs."""

from darts_tf import derivation, report
from darts_tf.training.architecture_recorder import ArchitectureRecorder
from darts_tf.training.language_evaluation import perplexity


class RecurrentSearchRecorder(ArchitectureRecorder):
    """Recorder of a recurrent cell; arguments as `ArchitectureRecorder`."""

    KINDS = ("recurrent",)
    NUM_INPUTS = derivation.NUM_RECURRENT_INPUTS

    def genotype(self):
        return self.model.network.cell.genotype()

    def primitives(self):
        return self.model.network.cell.activations

    def cells_of(self, genotype):
        return {"recurrent": genotype}

    def draw_cell(self, cell, title):
        return report.draw_recurrent_cell(cell, title)

    def save_cell(self, cell, title, stem):
        report.save_recurrent_cell(cell, title, stem)

    def summary(self, row):
        best_epoch, loss = self.scores.best_epoch()
        best = perplexity(loss)
        return (
            f"perplexity {row['perplexity']:.2f}; validation perplexity "
            f"{row['val_perplexity']:.2f} (best {best:.2f} in epoch {best_epoch})"
        )
