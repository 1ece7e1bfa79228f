"""Random search, the baseline of all others."""

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import Strategy


class RandomSearch(Strategy):
    """Draws every genotype anew; all of the space are equally likely.

    Args:
        space: The `SearchSpace` of the genotypes.
        seed: Of all that is random.
    """

    name = "random"
    source = "DARTS, arXiv 1806.09055, section 3.3"

    def _propose(self) -> SavedGenotype:
        return self.space.sample(self._rng)
