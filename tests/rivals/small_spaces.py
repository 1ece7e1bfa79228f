"""Small spaces of every form, and a way to search them."""

import functools
import itertools
import zlib
from collections.abc import Callable

from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import Strategy
from darts_tf.space import CellSpace, SearchSpace, motif_space
from darts_tf.space.search_space import convolutional_space, recurrent_space

NAMES = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3")
# As NAS-Bench-201, with one operation less: 4,096 cells.
EDGES = SearchSpace(
    "edges", (CellSpace("only", 1, 3, NAMES, "all", outputs=1, keeps_none=True),)
)
PAIRS = SearchSpace(
    "pairs",
    tuple(
        CellSpace(kind, 2, 2, ("identity", "conv_3x3"), "pairs", outputs="unused")
        for kind in ("normal", "reduce")
    ),
)
SMALL_SPACES = {
    "edges": EDGES,
    "pairs": PAIRS,
    "darts": convolutional_space(("none", "skip_connect", "conv_3x3"), 3),
    "recurrent": recurrent_space(("none", "tanh", "relu", "identity"), 4),
    "motifs": motif_space(("none", "identity", "conv_1x1_relu"), 2, 3, 3),
}
# Settings with which few trials are many for each strategy.
SHORT = {
    "random": {},
    "evolution": {"population": 8, "sample": 3},
    "local": {},
    "reinforcement": {"units": 8, "batch_size": 4, "learning_rate": 0.05},
    "progressive": {"beam": 20, "candidates": 200, "members": 1, "units": 6},
}


def toy_score(genotype: SavedGenotype) -> float:
    """Returns a cheap score from 0 to 1: of each edge, and less of two in a row."""
    texts = [
        [f"{place} {edge}" for place, edge in enumerate(cell.edges)]
        for cell in genotype.cells.values()
    ]
    single = [_worth(text) for of_cell in texts for text in of_cell]
    double = [
        _worth("".join(x)) for of_cell in texts for x in itertools.pairwise(of_cell)
    ]
    return 0.8 * sum(single) / len(single) + 0.2 * sum(double) / max(1, len(double))


@functools.cache
def _worth(text):
    """A number from 0 to 1 that looks random."""
    return zlib.crc32(text.encode()) / 2**32


def search(
    strategy: Strategy,
    trials: int,
    score: Callable[[SavedGenotype], float] = toy_score,
) -> Strategy:
    """Asks and tells one trial after the other; returns the strategy."""
    for _ in range(trials):
        genotype = strategy.ask()
        strategy.tell(genotype, score(genotype))
    return strategy
