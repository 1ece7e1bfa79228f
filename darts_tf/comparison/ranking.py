"""Whether the search network ranks cells as their trainings do."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from darts_tf.comparison.entry import Entry

# With fewer cells a correlation says nothing.
FEWEST_CELLS = 3
# Of a normal distribution, for an interval of 95 %.
_DEVIATIONS = 1.96
# The variance of Fisher's transform of a rank correlation of n pairs is about
# 1.06 / (n - 3) (Fieller, Hartley and Pearson 1957).
_VARIANCE = 1.06


class Ranking(NamedTuple):
    """The cells of searches by the search network and by their trainings.

    Attributes:
        titles: What the table calls each cell.
        searched: Validation error in percent of the search network, or its perplexity,
            in the epoch that the search recommends, of each cell; of searches by trials
            that of the trial.
        trained: Mean test error of the trainings, or perplexity.
    """

    titles: tuple[str, ...]
    searched: tuple[float, ...]
    trained: tuple[float, ...]

    @property
    def correlation(self) -> float:
        """Spearman's rank correlation; NaN where all of one side are equal."""
        return rank_correlation(self.searched, self.trained)


def ranking_of(entries: Sequence[Entry]) -> Ranking | None:
    """Ranks cells that were trained by the same recipe, or returns `None`.

    Several recipes are not mixed: the one with the most cells counts, of searches of
    one kind in the same space. A search by trials has no network whose validation would
    stand beside that of the networks of others.

    Args:
        entries: The lines of one table.
    """
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        if entry.search is not None and entry.error is not None:
            recipe = str(sorted(entry.trainings[0].recipe().items()))
            key = entry.search.kind, entry.search.space, recipe
            groups.setdefault(key, []).append(entry)
    most = max(groups.values(), key=len, default=[])
    if len(most) < FEWEST_CELLS:
        return None
    return Ranking(
        tuple(entry.title for entry in most),
        tuple(entry.search.recommended_score for entry in most),
        tuple(entry.error.mean for entry in most),
    )


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns Spearman's rank correlation, equal values sharing their mean rank.

    Args:
        first: A value of each thing.
        second: Another value of each.
    """
    both = np.stack([ranks(values) for values in (first, second)])
    centred = both - both.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).sum(axis=1).prod())
    return float(centred[0] @ centred[1] / scale) if scale else math.nan


def ranks(values: Sequence[float]) -> np.ndarray:
    """Returns the rank of each value from 1, equal ones sharing their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


def interval(correlation: float, count: int) -> tuple[float, float] | None:
    """Returns the interval of 95 % of a rank correlation, by Fisher's transform.

    Args:
        correlation: The correlation.
        count: Number of pairs; with three or fewer there is no interval.
    """
    if count <= FEWEST_CELLS or not abs(correlation) < 1:
        return None
    middle, width = math.atanh(correlation), _DEVIATIONS * math.sqrt(_VARIANCE)
    width /= math.sqrt(count - 3)
    return math.tanh(middle - width), math.tanh(middle + width)
