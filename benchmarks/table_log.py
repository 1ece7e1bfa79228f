"""A log of a benchmark that goes on where it was cut off, a table of text."""

import csv
import io
import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError


class TableLog:
    """The rows of a CSV file, which is written as a whole each time.

    A subclass says its columns.

    Args:
        path: The file; it is made with the first rows.

    Attributes:
        COLUMNS: Names of the columns.
        rows: List of dictionaries of text by column, as they stand in the file.

    Raises:
        UserError: If the file is no such log.
    """

    COLUMNS: ClassVar[tuple[str, ...]]

    def __init__(self, path: str | os.PathLike):
        self._path = pathlib.Path(path)
        self.rows = self._read() if self._path.exists() else []

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Adds rows, all or none."""
        rows = [{name: str(row[name]) for name in self.COLUMNS} for row in rows]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*self.rows, *rows])
        write_atomically(self._path, text.getvalue())
        self.rows += rows

    def _read(self):
        with self._path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        if tuple(reader.fieldnames or ()) != self.COLUMNS:
            raise UserError(
                f"`log`={self._path} is no log of this benchmark: expected the columns "
                f"{', '.join(self.COLUMNS)}."
            )
        return rows
