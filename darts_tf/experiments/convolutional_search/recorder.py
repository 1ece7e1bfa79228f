"""The callback by which a convolutional search writes its results."""

from darts_tf import report
from darts_tf.experiments.architecture_recorder import ArchitectureRecorder
from darts_tf.space import derivation, topology


class SearchRecorder(ArchitectureRecorder):
    """Recorder of normal and reduction cells; arguments as `ArchitectureRecorder`."""

    KINDS = ("normal", "reduce")
    NUM_INPUTS = topology.NUM_CELL_INPUTS

    def genotype(self):
        return self.model.network.genotype()

    def primitives(self):
        return self.model.network.primitives

    def cells_of(self, genotype):
        return {kind: getattr(genotype, kind) for kind in self.KINDS}

    def draw_cell(self, cell, title):
        return report.draw_cell(cell, title)

    def save_cell(self, cell, title, stem):
        report.save_cell(cell, title, stem)

    def more_columns(self, genotype):
        return {
            f"skip_connect_{kind}": derivation.count_primitive(cell, "skip_connect")
            for kind, cell in self.cells_of(genotype).items()
        }

    def summary(self, row):
        best_epoch, best = self.scores.best_epoch()
        return (
            f"loss {row['loss']:.4f}, accuracy {row['accuracy']:.4f}; "
            f"validation loss {row['val_loss']:.4f}, accuracy "
            f"{row['val_accuracy']:.4f} (best {best:.4f} in epoch {best_epoch})"
        )
