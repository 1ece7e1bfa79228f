"""How equal the cells are that several searches have found."""

import collections
import itertools
import statistics
from collections.abc import Sequence

import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.space.search_space import SearchSpace

_PAIRS = 200


def agreement(first: SavedGenotype, second: SavedGenotype) -> float:
    """Returns the share of the edges that two genotypes have in common, from 0 to 1.

    An edge is common if the same operation leads from the same state to the same node,
    in the same kind of cell. An edge that stands there twice counts twice; of cells
    with different numbers of edges the larger one is the whole.

    Args:
        first: A genotype.
        second: Another one of the same space.
    """
    edges = [_edges(genotype) for genotype in (first, second)]
    whole = max(sum(x.values()) for x in edges)
    return sum((edges[0] & edges[1]).values()) / whole


def agreements(genotypes: Sequence[SavedGenotype]) -> np.ndarray:
    """Returns the agreement of each two genotypes, shape `(count, count)`.

    Args:
        genotypes: The genotypes.
    """
    values = np.eye(len(genotypes))
    for row, column in itertools.combinations(range(len(genotypes)), 2):
        shared = agreement(genotypes[row], genotypes[column])
        values[row, column] = values[column, row] = shared
    return values


def mean_agreement(values: np.ndarray) -> float:
    """Returns the mean over all pairs of different genotypes.

    Args:
        values: What `agreements` returned, of two genotypes at least.
    """
    return float(values[np.triu_indices(len(values), 1)].mean())


def drawn_agreement(space: SearchSpace, seed: int = 0) -> float:
    """Returns the mean agreement of two genotypes that are drawn from a space.

    It is what searches that know nothing would reach, estimated from 200 pairs.

    Args:
        space: The space.
        seed: Fixes the pairs.
    """
    rng = np.random.default_rng(seed)
    pairs = ((space.sample(rng), space.sample(rng)) for _ in range(_PAIRS))
    return statistics.fmean(agreement(*pair) for pair in pairs)


def _edges(genotype) -> collections.Counter:
    return collections.Counter(
        (kind, *edge) for kind, cell in genotype.cells.items() for edge in _of(cell)
    )


def _of(cell: Cell):
    for node, edges in enumerate(cell.nodes, start=cell.num_inputs):
        for edge in edges:
            yield node, edge.source, edge.primitive
