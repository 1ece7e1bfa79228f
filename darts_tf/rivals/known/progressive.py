"""Progressive search: cells grow node by node (PNAS, arXiv 1712.00559)."""

from types import MappingProxyType
from typing import Any

import numpy as np

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.growth import Growth
from darts_tf.rivals.strategy import (
    WORST_SCORE,
    Options,
    Strategy,
    Trial,
    require_count,
)
from darts_tf.rivals.surrogate import Surrogate
from darts_tf.space.search_space import SearchSpace


class Progressive(Strategy):
    """Sequential model-based optimization of cells from simple to complex.

    In each round one node grows in all cells of the round before, in every way, and of
    these a surrogate that has learned all scores so far chooses the best to be tried.
    How cells stand in the space that have not grown all nodes says `growth`. When all
    nodes are there the paper ends; here further rounds grow single nodes anew, from the
    last back to the first, in the best cells so far. Between the last genotype of a
    round and its score, random ones are proposed.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        beam: Number of cells of a round.
        candidates: The largest number of cells of which the surrogate chooses; where
            there are more, so many of them are drawn.
        members: Number of networks of the surrogate.
        units: Of their hidden layers.
    """

    name = "progressive"
    source = "PNAS, arXiv 1712.00559, section 4"
    search_method = "SMBO"
    CONFIGURATIONS = MappingProxyType(
        {
            "paper": MappingProxyType({}),
            # For budgets of hundreds of trials.
            "narrow": MappingProxyType({"beam": 64, "units": 32}),
        }
    )

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        beam: int = 256,
        candidates: int = 2**14,
        members: int = 5,
        units: int = 100,
    ):
        settings = {
            "beam": require_count("beam", beam),
            "candidates": require_count("candidates", candidates),
            "members": require_count("members", members),
            "units": require_count("units", units),
        }
        super().__init__(space, seed, **settings)
        self._growth = Growth(space)
        self._surrogate = Surrogate(self._choices, members, units)
        self._scores: dict[Options, float] = {}
        self._rounds = 0
        self._beam: list[Options] = [self._growth.seedling]
        self._queue: list[Options] = []

    def _propose(self) -> SavedGenotype:
        if not self._queue and self._is_complete():
            # Within as many rounds every node grows anew once.
            for _ in self._growth.steps:
                self._begin_round()
                if self._queue:
                    break
        if self._queue:
            return self.space.decode(self._queue.pop(0))
        return self.space.sample(self._rng)

    def _observe(self, trial: Trial, options: Options) -> None:
        self._scores[tuple(options)] = trial.score

    def _refused(self, genotype: SavedGenotype) -> None:
        # Else its round would never be complete.
        self._scores[tuple(self.space.encode(genotype))] = WORST_SCORE

    def _is_complete(self):
        """Whether all cells of the round have been told."""
        return not self._rounds or all(row in self._scores for row in self._beam)

    def _begin_round(self):
        last = len(self._growth.steps) - 1
        if self._rounds <= last:
            step, rows = self._rounds, self._beam
        else:
            # From the last to the first, and again.
            step = last - (self._rounds - last - 1) % (last + 1)
            ranked = sorted(self._scores, key=self._scores.get, reverse=True)
            rows = ranked[: self.settings["beam"]]
        most = self.settings["candidates"]
        grown = self._growth.grown(rows, step, most, self._rng)
        if self._rounds > last:
            known = [tuple(row) in self._scores for row in grown.tolist()]
            grown = grown[~np.array(known)]
        self._beam = [tuple(row) for row in self._chosen(grown).tolist()]
        self._queue = [row for row in self._beam if row not in self._scores]
        self._rounds += 1

    def _chosen(self, grown):
        """Returns those that the surrogate takes for the best, the best first."""
        beam = self.settings["beam"]
        if len(grown) <= beam:
            return grown[self._rng.permutation(len(grown))]
        if not self._scores:
            return grown[self._rng.choice(len(grown), beam, replace=False)]
        options = np.array(list(self._scores))
        self._surrogate.fit(options, np.array([*self._scores.values()]), self._rng)
        order = np.argsort(-self._surrogate.predict(grown), kind="stable")
        return grown[order[:beam]]

    def _own_state(self) -> dict[str, Any]:
        return {
            "rounds": self._rounds,
            "beam": [list(row) for row in self._beam],
            "queue": [list(row) for row in self._queue],
            "refused": self._refused_rows(),
        }

    def _refused_rows(self):
        """Those that no trial is of, with their places among all that have a score."""
        told = self._told()
        rows = enumerate(self._scores)
        return [[place, list(row)] for place, row in rows if row not in told]

    def _told(self):
        return {
            tuple(self.space.encode(genotype)): score
            for genotype, score in self._trials
        }

    def _restore(self, own: Any) -> None:
        scores = list(self._told().items())
        for place, row in own.get("refused", ()):
            scores.insert(place, (tuple(row), WORST_SCORE))
        self._scores = dict(scores)
        self._rounds = int(own["rounds"])
        self._beam = [tuple(row) for row in own["beam"]]
        self._queue = [tuple(row) for row in own["queue"]]
