"""Scores without training as a method of a search by trials."""

from collections.abc import Callable, Sequence

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.ranked_search import RankedSearch
from darts_tf.space.search_space import SearchSpace
from darts_tf.zero_cost import get_score


class ZeroCost(RankedSearch):
    """Proposes the best of some genotypes by a score of their networks.

    It sees no network itself.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        score: Name of the score.
        candidates: Number of genotypes that are drawn at a time.

    Attributes:
        measure: Function of the name of a score and of genotypes that returns the score
            of each, which whoever asks has to set.
    """

    name = "zero_cost"

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        score: str = "nwot",
        candidates: int = 100,
    ):
        get_score(score)
        super().__init__(
            space,
            seed,
            scores=lambda genotypes: self.measure(score, genotypes),
            score_name=score,
            candidates=candidates,
        )
        self.measure: Callable[[str, Sequence[SavedGenotype]], Sequence[float]]
