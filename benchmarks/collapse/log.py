"""The log of the searches that show collapse."""

from benchmarks.collapse.settings import Search
from benchmarks.run_log import RunLog

COLUMNS = (
    *Search._fields,
    "settings",
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


class CollapseLog(RunLog):
    """A row for each epoch of each search that has ended."""

    KEY = Search._fields
    COLUMNS = COLUMNS
