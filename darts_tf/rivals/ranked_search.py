"""A search that ranks cells by a function, and proposes the best of them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from darts_tf.errors import invalid_value
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import Strategy, require_count
from darts_tf.space.search_space import SearchSpace


class RankedSearch(Strategy):
    """Draws candidates, scores them without a training, and proposes the best first.

    When all of them are proposed, it draws others. It is in no registry, because it
    needs the function.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
        scores: Function of genotypes that returns a number for each, higher where the
            genotype is thought to be better, and the same one each time.
        score_name: What `state` calls the function.
        candidates: Number of genotypes that are drawn at a time; equal ones are one.

    Raises:
        ValueError: If the score of a genotype is no number; and see `Strategy`.

    Example:

    >>> from darts_tf.space import recurrent_space
    >>> space = recurrent_space(("none", "tanh", "relu"), num_nodes=3)
    >>> def scores(genotypes):
    ...     return [x.cells["recurrent"].count("tanh") for x in genotypes]
    >>> strategy = RankedSearch(space, scores=scores, candidates=30)
    >>> best, second = scores([strategy.ask(), strategy.ask()])
    >>> best >= second
    True
    """

    name = "zero_cost"
    source = "Abdelfattah et al., arXiv 2101.08134"

    def __init__(
        self,
        space: SearchSpace,
        seed: int = 0,
        *,
        scores: Callable[[Sequence[SavedGenotype]], Sequence[float]],
        score_name: str = "score",
        candidates: int = 100,
    ):
        require_count("candidates", candidates)
        super().__init__(space, seed, score_name=score_name, candidates=candidates)
        self._scores = scores
        # The candidates that are not proposed yet, the best first.
        self._ranked: list[SavedGenotype] = []

    def _propose(self) -> SavedGenotype:
        if not self._ranked:
            number = self.settings["candidates"]
            drawn = dict.fromkeys(self.space.sample(self._rng) for _ in range(number))
            scores = dict(zip(drawn, self._scores([*drawn]), strict=True))
            if any(map(math.isnan, scores.values())):
                raise invalid_value("scores", "a function that returns numbers", scores)
            # Of equal ones the first that was drawn comes first.
            self._ranked = sorted(drawn, key=scores.__getitem__, reverse=True)
        return self._ranked.pop(0)

    def _own_state(self) -> Any:
        return [self._saved(genotype) for genotype in self._ranked]

    def _restore(self, own: Any) -> None:
        self._ranked = [self.space.decode(options) for options in own]
