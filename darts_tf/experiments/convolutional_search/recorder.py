"""The recorder of a search of normal and reduction cells."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darts_tf.experiments.architecture_recorder import ArchitectureRecorder
from darts_tf.spaces.cell_table import CellTable


class SearchRecorder(ArchitectureRecorder):
    """Words losses and accuracies, and what a table says of the cell.

    Args:
        folder, epochs: See `ArchitectureRecorder`.
        cell_table: `CellTable` of the search's space, or `None`.
        *records: Table of metrics, scores and checkpoint.
    """

    def __init__(
        self, folder: Path, epochs: int, cell_table: CellTable | None, *records: Any
    ):
        super().__init__(folder, epochs, *records)
        self.cell_table = cell_table

    def columns(self, epoch: int, logs: Mapping[str, float]) -> dict[str, float]:
        columns = super().columns(epoch, logs)
        if self.cell_table is None:
            return columns
        (cell,) = self._genotype.cells.values()
        entry = self.cell_table.entry(cell)
        return columns | {f"table_{k}": x for k, x in entry._asdict().items()}

    def summary(self, row: Mapping[str, float]) -> str:
        best_epoch, best = self.scores.best_epoch()
        return (
            f"loss {row['loss']:.4f}, accuracy {row['accuracy']:.4f}; "
            f"validation loss {row['val_loss']:.4f}, accuracy "
            f"{row['val_accuracy']:.4f} (best {best:.4f} in epoch {best_epoch})"
            f"{self.cost(row)}"
            f"{self._in_table(row)}{self.eigenvalue(row)}"
        )

    def _in_table(self, row):
        if self.cell_table is None:
            return ""
        return (
            f"; in the table {row['table_valid']:.2f} %, test {row['table_test']:.2f} "
            f"%, rank {row['table_rank']:.0f} of {len(self.cell_table):,}"
        )
