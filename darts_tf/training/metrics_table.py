"""The metrics of each epoch, in a file that a spreadsheet reads."""

import csv
import io
from pathlib import Path

from darts_tf.atomic_file import write_atomically
from darts_tf.report.search_run import COLUMNS


class MetricsTable:
    """Rows of `metrics.csv`, one for each epoch.

    Args:
        path: The file.
        epochs: Number of epochs that count; later rows, left by a run that was cut
            off after them, are dropped.
        columns: Names of the columns.
    """

    def __init__(self, path, epochs, columns=COLUMNS):
        self.path, self.columns = Path(path), columns
        self.rows = []
        if epochs and self.path.exists():
            with open(self.path, newline="", encoding="utf-8") as file:
                self.rows = [
                    row for row in csv.DictReader(file) if int(row["epoch"]) <= epochs
                ]

    def append(self, row):
        """Adds a row, a dictionary with at least the columns, and saves the file."""
        self.rows.append({column: row[column] for column in self.columns})
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        write_atomically(self.path, text.getvalue())

    def least_loss(self):
        """The row with the lowest validation loss, the earlier one of equals."""
        return min(self.rows, key=lambda row: float(row["val_loss"]))

    def best_epoch(self):
        """The epoch with the best validation accuracy, the earlier one of equals."""
        best = max(self.rows, key=lambda row: float(row["val_accuracy"]))
        return int(best["epoch"]), float(best["val_accuracy"])
