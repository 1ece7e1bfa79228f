"""The log of scores that were measured without training."""

from collections.abc import Mapping

from benchmarks.table_log import TableLog
from benchmarks.zero_cost.settings import ZeroCostConfig

MEASURED = ("jacob_cov", "nwot", "synflow")
# What the scores of a cell depend on.
_SETTINGS = ("images", "layers", "init_channels", "batch_size", "seed")


class ZeroCostLog(TableLog):
    """A row for each cell that was scored with some settings."""

    COLUMNS = (*_SETTINGS, "cell", *MEASURED)

    def found(self, config: ZeroCostConfig) -> dict[int, dict[str, float]]:
        """Returns the scores by name of each cell with the settings of a call.

        Args:
            config: The settings.
        """
        wanted = {name: str(getattr(config, name)) for name in _SETTINGS}
        return {
            int(row["cell"]): {name: float(row[name]) for name in MEASURED}
            for row in self.rows
            if all(row[name] == value for name, value in wanted.items())
        }

    def add(
        self, config: ZeroCostConfig, scores: Mapping[int, Mapping[str, float]]
    ) -> None:
        """Adds the scores of cells.

        Args:
            config: The settings that they were measured with.
            scores: The scores by name of each cell.
        """
        of_all = {name: getattr(config, name) for name in _SETTINGS}
        self.append(
            {**of_all, "cell": cell, **of_cell} for cell, of_cell in scores.items()
        )
