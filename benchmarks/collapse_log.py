"""The log of the searches that show collapse, a table of text."""

import csv
import io
import pathlib

from benchmarks.collapse_settings import Search
from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

COLUMNS = (
    *Search._fields,
    "epoch",
    "step",
    "val_accuracy",
    "table_test",
    "table_rank",
    "skips",
    "eigenvalue",
    "trained_accuracy",
    "seconds",
)


class CollapseLog:
    """A row for each epoch of each search that has ended.

    Args:
        path: The file; it is made with the first search.

    Attributes:
        rows: List of dictionaries of text by column, as they stand in the file.

    Raises:
        UserError: If the file is no such log.
    """

    def __init__(self, path):
        self._path = pathlib.Path(path)
        self.rows = self._read() if self._path.exists() else []

    def holds(self, search):
        """Whether a `Search` is in the log."""
        key = tuple(map(str, search))
        return any(tuple(row[k] for k in Search._fields) == key for row in self.rows)

    def append(self, rows):
        """Adds the rows of a search, all or none."""
        rows = [{name: str(row[name]) for name in COLUMNS} for row in rows]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*self.rows, *rows])
        write_atomically(self._path, text.getvalue())
        self.rows += rows

    def _read(self):
        with self._path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise UserError(
                f"`log`={self._path} is no log of this benchmark: expected the columns "
                f"{', '.join(COLUMNS)}."
            )
        return rows
