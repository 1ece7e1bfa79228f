"""The callback by which a search of either kind of cell writes its results."""

import io

import numpy as np
import tensorflow as tf

from darts_tf import report
from darts_tf.atomic_file import write_atomically
from darts_tf.genotype.convolutional_genotype import BEST_GENOTYPE_FILE
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.space import derivation


class ArchitectureRecorder(EpochRecorder):
    """Writes genotypes, alpha and pictures; arguments as `EpochRecorder`.

    A subclass says what is particular to its kind of cell.

    Attributes:
        KINDS: Names of the cells, one for each alpha of the model's network.
        NUM_INPUTS: Number of input states of a cell.
    """

    def genotype(self):
        """Derives the genotype of the model's network."""
        raise NotImplementedError

    def primitives(self):
        """Names of alpha's columns."""
        raise NotImplementedError

    def cells_of(self, genotype):
        """Returns the cells of a genotype by kind."""
        raise NotImplementedError

    def draw_cell(self, cell, title):
        """Returns a figure of a cell."""
        raise NotImplementedError

    def save_cell(self, cell, title, stem):
        """Writes pictures of a cell to paths that begin with `stem`."""
        raise NotImplementedError

    def more_columns(self, genotype):
        """Returns values of columns that this class does not know."""
        return {}

    def columns(self, epoch, logs):
        self._alphas = {
            kind: alpha.numpy()
            for kind, alpha in zip(self.KINDS, self.model.network.alphas)
        }
        self._genotype = self.genotype()
        return {
            **{f"entropy_{k}": derivation.entropy(a) for k, a in self._alphas.items()},
            **self.more_columns(self._genotype),
        }

    def write_results(self, epoch, is_best):
        alphas, genotype = self._alphas, self._genotype
        content = io.BytesIO()
        np.savez(content, **alphas)
        write_atomically(
            self.folder / "alphas" / f"epoch_{epoch:03d}.npz", content.getvalue()
        )
        text = genotype.to_json() + "\n"
        names = [f"genotypes/epoch_{epoch:03d}.json", "genotype_latest.json"]
        roles = ["latest"]
        if is_best:
            names.append(BEST_GENOTYPE_FILE)
            roles.append("best")
        for name in names:
            write_atomically(self.folder / name, text)
        for role in roles:
            for kind, cell in self.cells_of(genotype).items():
                title = f"{kind} cell, {role} (epoch {epoch})"
                self.save_cell(cell, title, self.folder / "cells" / f"{role}_{kind}")

    def log_results(self, epoch):
        primitives = self.primitives()
        for kind, cell in self.cells_of(self._genotype).items():
            alpha, title = self._alphas[kind], f"{kind} cell"
            for edge, row in enumerate(derivation.softmax(alpha)):
                for primitive, value in zip(primitives, row):
                    name = f"softmax_alpha_{kind}/edge_{edge:02d}/{primitive}"
                    tf.summary.scalar(name, value)
            figures = {
                "alpha": report.alpha_heat_map(
                    alpha, primitives, title, num_inputs=self.NUM_INPUTS
                ),
                "cell": self.draw_cell(cell, title),
            }
            for name, figure in figures.items():
                image = tf.io.decode_png(report.figure_to_png(figure), channels=3)
                tf.summary.image(f"{name}_{kind}", image[None])
