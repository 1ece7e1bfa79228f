"""When measurements of one thing agree, and what they say."""

import itertools
import statistics
from collections.abc import Sequence
from typing import NamedTuple

# Two measurements agree if the larger one is no more than this above the other, as a
# share of it. What never agrees is measured so often, and no more.
LARGEST_DIFFERENCE = 0.05
MOST_MEASUREMENTS = 5


class Agreed(NamedTuple):
    """What the measurements of one thing say.

    Attributes:
        value: The mean of the two that agree; else the median of all.
        spread: Largest difference of what the value is made of.
        is_certain: Whether two agree.
    """

    value: float
    spread: float
    is_certain: bool


def agreed(values: Sequence[float]) -> Agreed | None:
    """Returns what measurements say, or `None` where another one is needed.

    The first two neighbours that agree settle it. Later ones do not count, so that more
    measurements cannot be gone on with until one likes the result.

    Args:
        values: Positive numbers, in the order in which they were measured.

    Example:

    >>> agreed([1.0])
    >>> agreed([1.0, 2.0, 2.05]).value
    2.025
    >>> agreed([1.0, 2.0, 1.0, 2.0, 1.0])
    Agreed(value=1.0, spread=1.0, is_certain=False)
    """
    values = values[:MOST_MEASUREMENTS]
    for pair in itertools.pairwise(values):
        if max(pair) <= (1 + LARGEST_DIFFERENCE) * min(pair):
            return _agreed(statistics.fmean(pair), pair, is_certain=True)
    if len(values) < MOST_MEASUREMENTS:
        return None
    return _agreed(statistics.median(values), values, is_certain=False)


def _agreed(value, values, is_certain):
    return Agreed(value, max(values) - min(values), is_certain)
