"""What a search has come to after each of its epochs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from darts_tf.genotype.saved_genotype import SavedGenotype

# The metric that holds the largest eigenvalue of the Hessian, where it was computed.
EIGENVALUE = "eigenvalue"
# The metric that says how many decisions for good a search has still to make.
UNDECIDED = "undecided"
# The metric that says how many operations stand still because they overfit.
FROZEN = "frozen_operations"


class SearchedEpoch(NamedTuple):
    """A search after an epoch.

    Attributes:
        number: The epoch, counted from 1.
        genotype: What its strengths lead to.
        alphas: By kind of cell the raw alpha, shape `(edges, operations)`.
        metrics: Its metrics by name; what was not measured is missing, or NaN.
    """

    number: int
    genotype: SavedGenotype
    alphas: Mapping[str, np.ndarray]
    metrics: Mapping[str, float]


# Epochs in their order, the first ones of a search.
History = Sequence[SearchedEpoch]


def eigenvalues(history: History) -> dict[int, float]:
    """Returns the eigenvalue of each epoch in which one was found, by its number.

    Args:
        history: The epochs so far.
    """
    found = {x.number: float(x.metrics.get(EIGENVALUE, np.nan)) for x in history}
    return {number: value for number, value in found.items() if np.isfinite(value)}


class SearchRecord:
    """The epochs of a search that goes on.

    Args:
        epochs: Those that are done.

    Attributes:
        epochs: A `History`.
    """

    def __init__(self, epochs: Iterable[SearchedEpoch] = ()):
        self.epochs: History = list(epochs)

    def add(self, epoch: SearchedEpoch) -> None:
        """Adds an epoch, in place of those from its number on."""
        before = [x for x in self.epochs if x.number < epoch.number]
        self.epochs = [*before, epoch]
