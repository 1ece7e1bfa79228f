"""Does the runs of the small replication that are not in its log yet."""

from pathlib import Path

from benchmarks.replication.items import Item, items_of
from benchmarks.replication.log import ReplicationLog, row_of
from benchmarks.replication.page import write_results
from benchmarks.replication.parts import part_of, settings_mark
from benchmarks.replication.settings import TEXTS, ReplicationConfig
from benchmarks.results_section import check_page
from darts_tf.protocol.checks import check_data, check_parts
from darts_tf.protocol.config import ProtocolConfig
from darts_tf.protocol.ended_parts import EndedParts
from darts_tf.protocol.progress_bar import ProgressBar
from darts_tf.protocol.slots import slots_of
from darts_tf.protocol.walk import walk


class ReplicationRuns:
    """The runs that the settings describe.

    Args:
        config: The settings.
        log: The log, which gets a row for each run as it ends.

    Raises:
        UserError: If a setting is refused, or the log or the page are of others.
    """

    def __init__(self, config: ReplicationConfig, log: ReplicationLog):
        self._config, self._log = config, log
        self._parts = {item: part_of(config, item, log) for item in items_of(config)}
        self._items = {part.name: item for item, part in self._parts.items()}
        check_page(config.page)
        for item, part in self._parts.items():
            log.check(item, item.name, settings_mark(part))
        check_parts([*self._parts.values()])

    @property
    def left(self) -> list[Item]:
        """The runs that are not in the log."""
        return [item for item in self._parts if not self._log.holds(item)]

    def do(self) -> None:
        """Does the runs that are left.

        Raises:
            UserError: If the data cannot be had, before the first run; or if a run
                fails.
        """
        work = Path(self._config.work)
        slots = slots_of(ProtocolConfig(workers=self._config.workers))
        ended = EndedParts(work)
        for item in self.left:
            # Where the process was killed before it wrote that.
            if self._parts[item] in ended:
                self._note(self._parts[item].name)
        parts = [self._parts[item] for item in self.left]
        if parts:
            check_data(parts)
            walk(parts, work, slots, ProgressBar(len(parts), self._note))

    def _note(self, name: str) -> str:
        """Adds a run that has ended to the log, and says what it came to."""
        item = self._items[name]
        mark = settings_mark(self._parts[item])
        self._log.append([row_of(item, mark, Path(self._config.work, name))])
        write_results(self._config.page, self._log)
        words = "perplexity {}" if item.kind == TEXTS else "error {} %"
        found = words.format(self._log.rows_of(item)[0]["error"])
        return f"{'test' if item.is_training else 'validation'} {found}"
