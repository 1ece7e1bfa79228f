"""What the log of the small replication says of each method, with intervals."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scipy import stats

from benchmarks.replication.items import METHODS, RANDOM, SEARCH
from benchmarks.replication.settings import TEXTS
from darts_tf.comparison.improvement import improvement
from darts_tf.report.tables import Column, Table

_CONFIDENCE = 0.95
_HEADINGS = (
    "method",
    "searches",
    "trainings",
    "{error}",
    "better than random, per cent",
    "{skips}",
    "steps of w",
    "passes",
    "device seconds",
)
_WORDS = {
    False: {"error": "test error, per cent", "skips": "skip connections"},
    True: {"error": "test perplexity", "skips": "identities"},
}


class Estimate(NamedTuple):
    """A mean over seeds, with its interval of 95 %.

    Attributes:
        mean: The mean.
        low, high: The interval, of Student's t; NaN where there is one seed.
    """

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Estimate":
        """Returns the mean of some values, at least one, that are about normal."""
        mean, count = statistics.fmean(values), len(values)
        if count == 1:
            return cls(mean, math.nan, math.nan)
        error = statistics.stdev(values) / math.sqrt(count)
        half = stats.t.ppf((1 + _CONFIDENCE) / 2, count - 1) * error
        return cls(mean, mean - half, mean + half)

    def __str__(self):
        if math.isnan(self.low):
            return f"{self.mean:.2f}"
        return f"{self.mean:.2f} ({self.low:.2f} to {self.high:.2f})"


class Outcome(NamedTuple):
    """What the searches of one method came to.

    Attributes:
        method: The method.
        errors: By the seed of the search the test errors of the trainings of its cells.
        searches: The rows of the searches in the log.
        improvements: By the seed how much better their mean is than that of random
            search with the same seed, in percent; empty for random search itself.
    """

    method: str
    errors: Mapping[int, list[float]]
    searches: Sequence[Mapping[str, str]]
    improvements: Mapping[int, float]

    @property
    def means(self) -> dict[int, float]:
        """The mean test error by seed."""
        return {seed: statistics.fmean(values) for seed, values in self.errors.items()}

    def mean_of(self, column: str) -> float:
        """Returns the mean of a column of the searches."""
        return statistics.fmean(float(row[column]) for row in self.searches)


def outcomes_of(rows: Sequence[Mapping[str, str]], kind: str) -> list[Outcome]:
    """Returns what each method came to that has a training in the log.

    Args:
        rows: Those of a `ReplicationLog`.
        kind: `IMAGES` or `TEXTS`.
    """
    found = [_outcome(rows, kind, method) for method in METHODS[kind]]
    baseline = next(x.means for x in found if x.method == RANDOM)
    return [_compared(x, baseline, kind == TEXTS) for x in found if x.errors]


def _outcome(rows, kind, method):
    errors, searches = {}, []
    for row in rows:
        if (row["kind"], row["method"]) != (kind, method):
            continue
        if row["stage"] == SEARCH:
            searches.append(row)
        else:
            errors.setdefault(int(row["seed"]), []).append(float(row["error"]))
    return Outcome(method, errors, searches, {})


def _compared(outcome, baseline, is_text):
    if outcome.method == RANDOM:
        return outcome
    improvements = {
        seed: improvement(mean, baseline[seed], is_text)
        for seed, mean in outcome.means.items()
        if seed in baseline
    }
    return outcome._replace(improvements=improvements)


def table_of(outcomes: Sequence[Outcome], kind: str) -> Table:
    """Returns a table with a line for each method.

    Args:
        outcomes: What they came to.
        kind: `IMAGES` or `TEXTS`.
    """
    words = _WORDS[kind == TEXTS]
    columns = [Column(x.format(**words), x != "method") for x in _HEADINGS]
    return Table(tuple(columns), (tuple(map(_line, outcomes)),))


def _line(outcome):
    improvements = [*outcome.improvements.values()]
    return (
        outcome.method,
        f"{len(outcome.searches)}",
        f"{sum(map(len, outcome.errors.values()))}",
        str(Estimate.of([*outcome.means.values()])),
        str(Estimate.of(improvements)) if improvements else "-",
        f"{outcome.mean_of('skips'):.1f}",
        f"{outcome.mean_of('steps'):,.0f}",
        f"{outcome.mean_of('passes'):,.0f}",
        f"{outcome.mean_of('device_seconds'):,.0f}",
    )
