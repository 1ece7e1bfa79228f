"""The runs of the small replication: searches, and trainings of what they find."""

import itertools
from typing import NamedTuple

from benchmarks.replication.settings import IMAGES, TEXTS, ReplicationConfig

SECOND, FIRST = "darts, second order", "darts, first order"
PC_DARTS, RANDOM, EVOLUTION = "pc_darts", "random", "evolution"
METHODS = {
    IMAGES: (SECOND, FIRST, PC_DARTS, RANDOM, EVOLUTION),
    TEXTS: (SECOND, FIRST, RANDOM),
}
SEARCH = "search"


class Item(NamedTuple):
    """A run.

    Attributes:
        kind: `IMAGES` or `TEXTS`.
        method: The method that searches, one of `METHODS`.
        seed: Seed of the search.
        stage: `SEARCH`, or "training-" with the seed of a training of what that finds.
    """

    kind: str
    method: str
    seed: int
    stage: str

    @property
    def name(self) -> str:
        """Its name, which begins that of its folder."""
        method = self.method.replace(", ", "_").replace(" ", "_")
        return f"{self.kind}/{method}-{self.seed}/{self.stage}"

    @property
    def is_training(self) -> bool:
        """Whether cells are trained, which a search has found."""
        return self.stage != SEARCH

    @property
    def training_seed(self) -> int:
        """Seed of a training."""
        return int(self.stage.rpartition("-")[2])

    @property
    def search(self) -> "Item":
        """The search that finds the cells of a training."""
        return self._replace(stage=SEARCH)


def items_of(config: ReplicationConfig) -> list[Item]:
    """Returns all runs, seed by seed, so that a part of them has all methods.

    Args:
        config: The settings.
    """
    stages = [SEARCH, *(f"training-{k}" for k in range(config.trainings))]
    return [
        Item(kind, method, seed, stage)
        for seed in range(config.seeds)
        for kind in config.kinds
        for method, stage in itertools.product(METHODS[kind], stages)
    ]
