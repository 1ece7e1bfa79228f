"""Trials of cells that are looked up in a table instead of being trained."""

from pathlib import Path
from typing import Any

import numpy as np

from darts_tf.checksum import checksum
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.spaces.cell_table import CellTable
from darts_tf.trials import Outcome
from darts_tf.trials.history import AskedTrial


class TableTrials:
    """Looks cells up; the score is the validation accuracy as a fraction.

    Args:
        table: The `CellTable`.
        config: The settings, which name its file.
    """

    def __init__(self, table: CellTable, config: BaselineConfig):
        self._table, self._config = table, config

    def describe(self) -> dict[str, Any]:
        """Returns `data`, what a report says of the table, and `fingerprint`."""
        data = {"name": self._table.dataset, "cells in the table": len(self._table)}
        content = np.frombuffer(Path(self._config.table).read_bytes(), np.uint8)
        fingerprint = {
            **data,
            "checksum of the table": checksum([content]),
            **self._config.latency_fingerprint(),
        }
        return {"data": data, "fingerprint": fingerprint}

    def __call__(self, trial: AskedTrial) -> Outcome:
        """Returns what the table says of the cell of a trial."""
        (cell,) = trial.genotype.cells.values()
        entry = self._table.entry(cell)
        accuracy = entry.valid / 100
        metrics = {
            "val_accuracy": accuracy,
            "table_test": entry.test,
            "table_rank": entry.rank,
        }
        return Outcome(accuracy, metrics=metrics)
