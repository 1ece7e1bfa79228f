"""Scores of the validation after each epoch, of which one is the best."""

from collections.abc import Callable

import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.runs.metrics_table import MetricsTable


class Scores:
    """One number for each epoch; a checkpoint keeps it with the weights it judges.

    Args:
        column: Column of the metrics table that holds the same numbers.
        best: `max` or `min`.

    Attributes:
        variable: float64, shape `(epochs,)`.
    """

    def __init__(self, column: str, best: Callable):
        self.column, self._best = column, best
        # The shape is open, because a run may continue with another number of epochs.
        self.variable = tf.Variable(tf.zeros([0], tf.float64), shape=[None])

    @property
    def values(self) -> list[float]:
        """Scores of the epochs in their order."""
        return self.variable.numpy().tolist()

    def append(self, score: float) -> None:
        """Adds that of the next epoch."""
        self.variable.assign([*self.values, float(score)])

    def best_epoch(self) -> tuple[int, float]:
        """Returns the number of the best epoch, the first of equals, and its score."""
        values = self.values
        best = self._best(values)
        return values.index(best) + 1, best

    def check(self, table: MetricsTable) -> None:
        """Refuses a table that is not that of the epochs whose scores these are.

        Args:
            table: `MetricsTable`.

        Raises:
            UserError: If a score differs; it names the file and the epoch.
        """
        for row, score in zip(table.rows, self.values, strict=True):
            if float(row[self.column]) != score:
                raise UserError(
                    f"{table.path} is not as the run wrote it: {self.column} of epoch "
                    f"{row['epoch']} is {row[self.column]}, and was {score!r}; put "
                    "that back, or name a new folder."
                )

    def read(self, table: MetricsTable) -> None:
        """Takes the scores of a `MetricsTable`, where a checkpoint has none."""
        self.variable.assign([float(row[self.column]) for row in table.rows])
