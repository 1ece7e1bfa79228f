"""Settings of the comparison of strategies on a table."""

from typing import NamedTuple

from darts_tf.limits import MAX_COUNT
from darts_tf.rivals import get_strategy, strategy_names
from darts_tf.settings import REQUIRED, Settings, setting


class Rival(NamedTuple):
    """A strategy with its settings.

    Attributes:
        strategy: Its name.
        configuration: One of its `CONFIGURATIONS`.
    """

    strategy: str
    configuration: str

    def __str__(self):
        return f"{self.strategy}, {self.configuration}"


class RivalsConfig(Settings):
    """All searches of a call."""

    table: str = setting(
        REQUIRED,
        "Table of accuracies of the cells of nasbench201, an .npz file. Required.",
        group="Searches",
    )
    dataset: str = setting(
        "cifar10",
        "Data set of the accuracies.",
        group="Searches",
        choices=("cifar10", "cifar100", "imagenet16_120"),
    )
    strategies: tuple[str, ...] = setting(
        strategy_names(),
        "Strategies to compare, each with all its configurations.",
        group="Searches",
        choices=strategy_names(),
    )
    seeds: int = setting(
        500, "Searches of each.", group="Searches", least=1, most=10_000
    )
    evaluations: int = setting(
        500, "Cells of each search.", group="Searches", least=2, most=MAX_COUNT
    )
    processes: int = setting(
        2, "Processes that search at a time.", group="Searches", least=1, most=1024
    )
    figure: str = setting("docs/rivals.svg", "Path of the figure.", group="Files")

    def rivals(self) -> list[Rival]:
        """Returns all that are compared."""
        return [
            Rival(name, configuration)
            for name in self.strategies
            for configuration in get_strategy(name).CONFIGURATIONS
        ]
