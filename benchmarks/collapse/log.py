"""The log of the searches that show collapse."""

from benchmarks.collapse.settings import Search
from benchmarks.table_log import TableLog

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


class CollapseLog(TableLog):
    """A row for each epoch of each search that has ended."""

    COLUMNS = COLUMNS

    def holds(self, search: Search) -> bool:
        """Whether a `Search` is in the log."""
        key = tuple(map(str, search))
        return any(tuple(row[k] for k in Search._fields) == key for row in self.rows)
