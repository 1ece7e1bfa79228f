"""The log of predicted and measured latencies of whole networks."""

from typing import NamedTuple

from benchmarks.latency.settings import LatencyBenchmarkConfig
from benchmarks.table_log import TableLog
from darts_tf.costs.latency.table import LatencyTable
from darts_tf.costs.latency.verification import VerifiedLatency

# What the latency of a genotype depends on, beside the processor.
_SETTINGS = (
    "runtime",
    "threads",
    "space",
    "nodes",
    "primitives",
    "layers",
    "init_channels",
    "stem",
    "image_size",
    "image_channels",
    "num_classes",
)
_MEASURED = ("predicted", "measured", "at_pace", "certain")


class Series(NamedTuple):
    """The networks of one runtime.

    Attributes:
        runtime: The runtime.
        predicted: Their latencies by its table, in milliseconds.
        measured: Their latencies as a whole.
        at_pace: The same, where the machine is as fast as it was while the
            table was measured, by the time of the table's reference.
    """

    runtime: str
    predicted: tuple[float, ...]
    measured: tuple[float, ...]
    at_pace: tuple[float, ...]


class LatencyLog(TableLog):
    """A row for each network that was measured."""

    COLUMNS = (*_SETTINGS, "processor", "seed", "cell", *_MEASURED)

    def known(self, config: LatencyBenchmarkConfig, table: LatencyTable) -> set[str]:
        """Returns the cells that were measured with some settings.

        Args:
            config: The settings.
            table: The table by which they are predicted.
        """
        return {row["cell"] for row in self._of(self._common(config, table))}

    def add(
        self,
        config: LatencyBenchmarkConfig,
        table: LatencyTable,
        cell: str,
        found: VerifiedLatency,
    ) -> None:
        """Adds a network.

        Args:
            config: The settings that it was measured with.
            table: The table that predicted it.
            cell: What its genotype is called.
            found: The latencies.
        """
        measured = {
            "predicted": f"{found.predicted:.6g}",
            "measured": f"{found.measured:.6g}",
            "at_pace": f"{found.at_pace:.6g}",
            "certain": int(found.is_certain),
        }
        self.append([{**self._common(config, table), "cell": cell, **measured}])

    def series(self) -> list[Series]:
        """Returns the networks of each runtime, in the order of the log."""
        runtimes = dict.fromkeys(row["runtime"] for row in self.rows)
        return [
            Series(
                name,
                *(
                    tuple(float(row[column]) for row in self._of({"runtime": name}))
                    for column in Series._fields[1:]
                ),
            )
            for name in runtimes
        ]

    @staticmethod
    def _common(config, table):
        settings = {name: _text(getattr(config, name)) for name in _SETTINGS}
        return {**settings, "processor": table.processor, "seed": str(config.seed)}

    def _of(self, wanted):
        return [
            row
            for row in self.rows
            if all(row[name] == value for name, value in wanted.items())
        ]


def _text(value):
    return " ".join(value) if isinstance(value, tuple) else str(value)
