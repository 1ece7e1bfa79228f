"""Regularized evolution, in which the oldest dies (AmoebaNet, arXiv 1802.01548)."""

from types import MappingProxyType

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import (
    Strategy,
    Trial,
    require_count,
    require_number,
)
from darts_tf.space.search_space import SearchSpace


class Evolution(Strategy):
    """Tournaments in a population from which the oldest dies, not the worst.

    The first genotypes are random. Then some of the population are drawn, with
    replacement, and the best of them is the parent of the next genotype: the same with
    one mutation, see `SearchSpace.mutate`, or now and then the same as it is. The
    population is what was told last, so that the oldest leaves when one joins.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        population: Number of genotypes in the population.
        sample: Number of those drawn for a tournament.
        identity: Probability that a child is as its parent.
    """

    name = "evolution"
    source = "AmoebaNet, arXiv 1802.01548, section 3"
    CONFIGURATIONS = MappingProxyType(
        {
            "paper": MappingProxyType({}),
            "nats_bench": MappingProxyType(
                {"population": 10, "sample": 3, "identity": 0.0}
            ),
        }
    )

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        population: int = 100,
        sample: int = 25,
        identity: float = 0.05,
    ):
        self._size = require_count("population", population)
        self._sample = require_count("sample", sample)
        self._identity = require_number("identity", identity, most=1)
        if sample > population:
            expected = f"at most `population`, which is {population}"
            raise invalid_value("sample", expected, sample)
        settings = {"population": population, "sample": sample, "identity": identity}
        super().__init__(space, seed, **settings)

    @property
    def population(self) -> tuple[Trial, ...]:
        """Those that are alive, the oldest first."""
        return tuple(self._trials[-self._size :])

    def _propose(self) -> SavedGenotype:
        alive = self.population
        if self._asked < self._size or not alive:
            return self.space.sample(self._rng)
        drawn = self._rng.integers(len(alive), size=self._sample)
        parent = max((alive[index] for index in drawn), key=lambda trial: trial.score)
        if self._rng.random() < self._identity:
            return parent.genotype
        return self.space.mutate(parent.genotype, self._rng)
