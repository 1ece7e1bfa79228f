"""The metrics of each epoch, in a file that a spreadsheet reads."""

import csv
import io
import math
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from darts_tf.atomic_file import write_atomically
from darts_tf.runs.run_config import damaged, read_text


class CommonColumns(NamedTuple):
    """The first and the last columns of an epoch, which every kind of run has.

    Attributes:
        epoch: The epoch, counted from 1.
        step: Steps since the start.
        learning_rate: Of the weights w.
        seconds: Duration of the epoch.
        peak_memory_gb: Largest memory that the process has had, in GB of 10^9 bytes.
    """

    epoch: int
    step: int
    learning_rate: float
    seconds: float
    peak_memory_gb: float


def columns_of_run(*own: str) -> tuple[str, ...]:
    """Returns the columns of a kind of run, its own among those that all runs have."""
    first, last = CommonColumns._fields[:3], CommonColumns._fields[3:]
    return (*first, *own, *last)


def with_columns(columns: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """Returns the columns of a kind of run with further ones of its own."""
    last = len(CommonColumns._fields[3:])
    return (*columns[:-last], *own, *columns[-last:])


class MetricsTable:
    """Rows of `metrics.csv`, one for each epoch.

    Args:
        path: The file.
        epochs: Number of epochs that count; later rows, left by a run that was cut
            off after them, are dropped.
        columns: Names of the columns.
        later: Those of them that tables of earlier versions do not have; there, no
            epoch has a number for them.

    Raises:
        RunFolderError: If the file does not hold exactly one row for each of these
            epochs, with all columns and a number in each.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        epochs: int,
        columns: Sequence[str],
        later: Collection[str] = (),
    ):
        self.path, self.columns, self._later = Path(path), columns, later
        self.rows = self._read(epochs) if epochs else []

    def _read(self, epochs):
        try:
            reader = csv.DictReader(io.StringIO(read_text(self.path)), strict=True)
            rows = list(reader)
        except csv.Error as error:
            raise damaged(self.path, "comma-separated values", error) from error
        header = list(reader.fieldnames or ())
        without_later = [name for name in self.columns if name not in self._later]
        if header == without_later:
            rows = [row | dict.fromkeys(self._later, math.nan) for row in rows]
        elif header != list(self.columns):
            expected = f"the columns {', '.join(self.columns)}"
            raise damaged(self.path, expected, ", ".join(header)[:200] or "none")
        rows = rows[:epochs]
        for number, row in enumerate(rows, 1):
            self._check_row(number, row)
        if len(rows) < epochs:
            expected = f"a row for each of {epochs} epochs done"
            raise damaged(self.path, expected, f"{len(rows)} rows")
        return rows

    def _check_row(self, number, row):
        if row["epoch"] != str(number):
            expected = f"the row of epoch {number}"
            raise damaged(self.path, expected, f"epoch {row['epoch']!r}"[:80])
        for column in self.columns:
            if not _is_number(row[column]) or None in row:
                expected = f"numbers in the row of epoch {number}"
                raise damaged(self.path, expected, f"{column} {row[column]!r}"[:80])

    def append(self, row: Mapping[str, Any]) -> None:
        """Adds a row, a dictionary with at least the columns, and saves the file."""
        self.replace([*self.rows, row])

    def replace(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Takes rows in place of all that there are, as `append`, and saves the file.

        Args:
            rows: One for each epoch.
        """
        self.rows = [{column: row[column] for column in self.columns} for row in rows]
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        write_atomically(self.path, text.getvalue())


def _is_number(text):
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True
