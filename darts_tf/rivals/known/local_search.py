"""Local search from cell to better neighbour (White et al., arXiv 2005.02960)."""

from types import MappingProxyType
from typing import Any

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import Options, Strategy, Trial
from darts_tf.space.search_space import SearchSpace


class LocalSearch(Strategy):
    """Climbs from a random genotype to better neighbours, and then from another one.

    Neighbours differ in one edge, see `SearchSpace.neighbors`. They are tried in random
    order, but those whose scores are known already are not tried again. Where none is
    better the search begins again at a random genotype.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        whole_neighborhood: Whether all neighbours are tried before the search goes on
            to the best of them, as in the paper; otherwise it goes on to the first that
            is better.
    """

    name = "local"
    source = "Local search, arXiv 2005.02960"
    CONFIGURATIONS = MappingProxyType(
        {
            "paper": MappingProxyType({}),
            "first_improvement": MappingProxyType({"whole_neighborhood": False}),
        }
    )

    def __init__(
        self, space: SearchSpace, seed: int = 0, whole_neighborhood: bool = True
    ):
        if not isinstance(whole_neighborhood, bool):
            raise invalid_value("whole_neighborhood", "a bool", whole_neighborhood)
        super().__init__(space, seed, whole_neighborhood=whole_neighborhood)
        self._scores: dict[SavedGenotype, float] = {}
        self._center: Trial | None = None
        # The best neighbour so far, if it is better than the center.
        self._successor: Trial | None = None
        self._queue: list[SavedGenotype] = []

    def _propose(self) -> SavedGenotype:
        while self._queue or self._successor is not None:
            if not self._queue:
                self._move(self._successor)
                continue
            neighbor = self._queue.pop()
            if neighbor not in self._scores:
                return neighbor
            self._consider(Trial(neighbor, self._scores[neighbor]))
        self._center = None
        return self.space.sample(self._rng)

    def _observe(self, trial: Trial, options: Options) -> None:
        # If a genotype is told more than once, the last score counts.
        self._scores[trial.genotype] = trial.score
        self._consider(trial)

    def _consider(self, trial):
        best = self._successor or self._center
        if best is not None and trial.score <= best.score:
            return
        if best is None or not self.settings["whole_neighborhood"]:
            self._move(trial)
        else:
            self._successor = trial

    def _move(self, trial):
        self._center, self._successor = trial, None
        self._queue = self.space.neighbors(trial.genotype)
        self._rng.shuffle(self._queue)

    def _own_state(self) -> dict[str, Any]:
        known = (self._center, self._successor)
        return {
            "center_and_successor": [x and self._saved_trial(x) for x in known],
            "queue": [self._saved(genotype) for genotype in self._queue],
        }

    def _restore(self, own: Any) -> None:
        self._scores = dict(self._trials)
        known = [x and self._loaded_trial(x) for x in own["center_and_successor"]]
        self._center, self._successor = known
        self._queue = [self.space.decode(options) for options in own["queue"]]
