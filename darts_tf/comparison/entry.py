"""A line of a comparison, of a published network or of runs."""

import dataclasses
import statistics
from collections.abc import Sequence

from darts_tf.comparison.finished_runs import FinishedSearch, FinishedTraining
from darts_tf.zoo.row import Row

HOURS_PER_DAY = 24


@dataclasses.dataclass(frozen=True)
class Measured:
    """A figure, over some runs or as it was published.

    Attributes:
        mean: Mean over the runs.
        deviation: Sample deviation, or `None` where it is not known.
    """

    mean: float
    deviation: float | None = None

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "Measured | None":
        """Returns the mean and the sample deviation, `None` where a value is missing.

        Args:
            values: The value of each run, at least one.
        """
        if None in values:
            return None
        deviation = statistics.stdev(values) if len(values) > 1 else None
        return cls(statistics.fmean(values), deviation)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A line of a comparison; what is not known is `None`.

    Attributes:
        title: What the table calls it.
        dataset: Name of the data.
        source: A paper, or the folders of the runs.
        error: Test error in percent, or perplexity of the test text.
        other_error: Top-5 error in percent, or perplexity of the validation text.
        weights: Number of weights in millions, without an auxiliary head.
        multiply_adds: Mult-adds for an image in millions.
        search_hours: Device hours of the search.
        search_days: GPU days of the search, a day of a device of whatever kind; or in
            words.
        operations: Number of operations that the search chose from.
        search_method: In words, or empty.
        improvement: How much better it is than random search in the same space with
            the same recipe, in percent of that.
        row: The published row.
        trainings: The runs.
        search: The search that found the cells.
    """

    title: str
    dataset: str
    source: str
    error: Measured | None = None
    other_error: Measured | None = None
    weights: float | None = None
    multiply_adds: float | None = None
    search_hours: float | None = None
    search_days: float | str | None = None
    operations: int | None = None
    search_method: str = ""
    improvement: float | None = None
    row: Row | None = None
    trainings: tuple[FinishedTraining, ...] = ()
    search: FinishedSearch | None = None


def published_entry(row: Row) -> Entry:
    """Returns the line of a published row.

    Args:
        row: The row.
    """
    published = row.published
    days = published.search_days
    is_known = isinstance(days, int | float) and "search_days" not in (
        published.approximate
    )
    return Entry(
        title=row.title,
        dataset=row.dataset,
        source=row.source,
        error=_measured(published.error, published.deviation),
        other_error=_measured(published.other_error),
        weights=published.weights,
        multiply_adds=published.multiply_adds,
        search_hours=days * HOURS_PER_DAY if is_known else None,
        search_days=days,
        operations=published.operations,
        search_method=published.search_method,
        row=row,
    )


def _measured(mean, deviation=None):
    return None if mean is None else Measured(mean, deviation)
