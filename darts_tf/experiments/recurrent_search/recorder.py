"""The callback by which a recurrent search writes its results."""

from darts_tf import report
from darts_tf.experiments.architecture_recorder import ArchitectureRecorder
from darts_tf.recurrent.text_evaluation import perplexity
from darts_tf.space import topology


class RecurrentSearchRecorder(ArchitectureRecorder):
    """Recorder of a recurrent cell; arguments as `ArchitectureRecorder`."""

    KINDS = ("recurrent",)
    NUM_INPUTS = topology.NUM_RECURRENT_INPUTS

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
