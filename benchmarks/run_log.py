"""A log of a benchmark whose rows are those of runs, with a mark of their settings."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, ClassVar

from benchmarks.table_log import TableLog
from darts_tf.errors import UserError

_MARK_LENGTH = 8


class RunLog(TableLog):
    """The rows of runs that have ended, one or more of each.

    A subclass says its columns, of which one is `settings`, a few letters that are the
    same for runs with the same settings.

    Attributes:
        KEY: Names of the columns that tell one run from another.
    """

    KEY: ClassVar[tuple[str, ...]]

    def rows_of(self, run: Sequence[Any]) -> list[dict[str, str]]:
        """Returns the rows of a run.

        Args:
            run: Its values of the columns of `KEY`.
        """
        key = tuple(map(str, run))
        return [row for row in self.rows if tuple(row[k] for k in self.KEY) == key]

    def holds(self, run: Sequence[Any]) -> bool:
        """Whether a run is in the log."""
        return bool(self.rows_of(run))

    def check(self, run: Sequence[Any], name: str, settings: str) -> None:
        """Refuses a log in which a run had other settings.

        Args:
            run: The run.
            name: What it is called.
            settings: The mark of the settings that it would have now.

        Raises:
            UserError: If it stands there with others.
        """
        if any(row["settings"] != settings for row in self.rows_of(run)):
            raise UserError(
                f"`log`={self._path}: {name} has had other settings; give these, or "
                "another `log`."
            )


def mark_of(settings: Any) -> str:
    """Returns a few letters for settings, anything that JSON can hold."""
    content = json.dumps(settings, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:_MARK_LENGTH]
