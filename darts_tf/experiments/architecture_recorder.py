"""The callback by which a search of any space writes its results."""

import io
import math
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from darts_tf import report
from darts_tf.atomic_file import write_atomically
from darts_tf.experiments.cell_files import save_cells
from darts_tf.method.history import EIGENVALUE
from darts_tf.method.relaxations import softmax
from darts_tf.method.search.costed_search import DERIVED
from darts_tf.run_layout import (
    BEST_GENOTYPE_FILE,
    LATEST_GENOTYPE_FILE,
    alpha_file,
    genotype_file,
    strengths_name,
)
from darts_tf.runs.epoch_recorder import EpochRecorder
from darts_tf.space.coefficients import entropy
from darts_tf.space.topology import SKIP


class ArchitectureRecorder(EpochRecorder):
    """Writes genotypes, alpha and pictures; arguments as `EpochRecorder`.

    The space of the model's network says which cells there are; a subclass words the
    line of an epoch.
    """

    def columns(self, epoch: int, logs: Mapping[str, float]) -> dict[str, float]:
        architecture = self.model.network.architecture
        arrays = architecture.arrays()
        self._alphas = {kind: arrays[kind]["alpha"] for kind in arrays}
        self._strengths = architecture.strengths(arrays)
        self._genotype = self.model.genotype()
        return {
            **self.model.method_metrics(),
            **self.model.cost_metrics(),
            **{
                f"entropy_{kind}": entropy(_shares(x))
                for kind, x in self._strengths.items()
            },
            **{
                f"skip_connect_{kind}": cell.count(SKIP)
                for kind, cell in self._genotype.cells.items()
            },
        }

    def eigenvalue(self, row: Mapping[str, float]) -> str:
        """Says the eigenvalue of an epoch in words, nothing where there is none."""
        value = float(row.get(EIGENVALUE, math.nan))
        return "" if math.isnan(value) else f"; eigenvalue {value:.4g}"

    def cost(self, row: Mapping[str, float]) -> str:
        """Says what the derived network of an epoch costs, if that is recorded."""
        if DERIVED not in row:
            return ""
        return f"; cost {row[DERIVED]:.4g} {self.model.cost.costs.unit}"

    def write_results(self, epoch: int, is_best: bool) -> None:
        alphas, genotype = self._alphas, self._genotype
        content = io.BytesIO()
        np.savez(content, **alphas, **self._other_strengths())
        write_atomically(self.folder / alpha_file(epoch), content.getvalue())
        text = genotype.to_json() + "\n"
        names = [genotype_file(epoch), LATEST_GENOTYPE_FILE]
        roles = ["latest"]
        if is_best:
            names.append(BEST_GENOTYPE_FILE)
            roles.append("best")
        for name in names:
            write_atomically(self.folder / name, text)
        for role in roles:
            save_cells(self.folder, genotype, role, f"epoch {epoch}")

    def _other_strengths(self):
        """The strengths that do not follow from alpha as in DARTS, by name."""
        return {
            strengths_name(kind): strengths
            for kind, strengths in self._strengths.items()
            if not np.array_equal(strengths, softmax(self._alphas[kind]))
        }

    def log_results(self, epoch: int) -> None:
        space = self.model.network.space
        for kind, cell in self._genotype.cells.items():
            strengths, of_kind = self._strengths[kind], space.of(kind)
            title = f"{kind} cell"
            for edge, row in enumerate(strengths):
                for primitive, value in zip(of_kind.operations_of(edge), row):
                    name = f"softmax_alpha_{kind}/edge_{edge:02d}/{primitive}"
                    tf.summary.scalar(name, value)
            figures = {
                "alpha": report.alpha_heat_map(strengths, of_kind, title),
                "cell": report.draw_cell(cell, title, kind),
            }
            for name, figure in figures.items():
                image = tf.io.decode_png(report.figure_to_png(figure), channels=3)
                tf.summary.image(f"{name}_{kind}", image[None])


def _shares(strengths):
    """Strengths as shares of each edge, which those of DARTS are already."""
    total = strengths.sum(axis=-1, keepdims=True)
    if np.allclose(total, 1, rtol=0, atol=1e-9):
        return strengths
    return strengths / np.where(total > 0, total, 1)
