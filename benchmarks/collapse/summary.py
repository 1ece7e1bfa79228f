"""What the log of the searches that show collapse says of each method."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.collapse.settings import COMPARED
from darts_tf.report.tables import Column, Table

# Skip connections of a normal cell that DARTS+ and P-DARTS allow.
MOST_SKIPS = 2
# Columns of the table over the steps of a search.
_MOST_STEPS = 5


class Quantity(NamedTuple):
    """A column of the log as it is shown.

    Attributes:
        title: What it is, with its unit.
        form: How a number of it is written.
    """

    title: str
    form: str


_OF_TABLE = {
    "table_test": Quantity("test accuracy in the table, per cent", ".2f"),
    "table_rank": Quantity("rank of 15,625", ",.0f"),
}
_EIGENVALUE = {"eigenvalue": Quantity("largest eigenvalue", ".3g")}
_QUANTITIES = {
    "nasbench201": {
        **_OF_TABLE,
        "skips": Quantity("skip connections of 6", "g"),
        **_EIGENVALUE,
    },
    "s2": {
        "skips": Quantity("skip connections of 8", "g"),
        **_EIGENVALUE,
        "trained_error": Quantity("test error after the training, per cent", ".1f"),
    },
}


class Outcome(NamedTuple):
    """What the searches of one method in one space came to.

    Attributes:
        method, order: Their settings, one of `COMPARED`.
        searches: Of each search the rows in the log, one epoch after the other.
    """

    method: str
    order: str
    searches: Sequence[Sequence[Mapping[str, str]]]

    @property
    def name(self) -> str:
        """The method, with its order where that is the second."""
        is_second = self.order == "second"
        return f"{self.method}, second order" if is_second else self.method

    def last(self, column: str) -> list[float]:
        """Returns a value for each search, after its last epoch.

        Args:
            column: A column of the log with numbers, or "trained_error".
        """
        return _known(_number(rows[-1], column) for rows in self.searches)

    def by_step(self, column: str) -> dict[int, list[float]]:
        """Returns the values of all searches by the step of w after which they are.

        Args:
            column: A column of the log with numbers.
        """
        found = {}
        for row in (row for rows in self.searches for row in rows):
            known = _known([_number(row, column)])
            found.setdefault(int(row["step"]), []).extend(known)
        return {step: found[step] for step in sorted(found) if found[step]}


def outcomes_of(rows: Sequence[Mapping[str, str]], space: str) -> list[Outcome]:
    """Returns what each method came to that has searched a space.

    Args:
        rows: Those of a `CollapseLog`.
        space: The space.
    """
    found = (
        Outcome(*compared, _searches(rows, space, *compared)) for compared in COMPARED
    )
    return [outcome for outcome in found if outcome.searches]


def _searches(rows, *settings):
    """The rows of each search in a space by a method and order."""
    by_seed = {}
    for row in rows:
        if (row["space"], row["method"], row["order"]) == settings:
            by_seed.setdefault(row["seed"], []).append(row)
    return [*by_seed.values()]


def quantities_of(outcomes: Sequence[Outcome], space: str) -> dict[str, Quantity]:
    """Returns by column what is shown of a space, as far as the log has it.

    Args:
        outcomes: Those in the space.
        space: The space.
    """
    return {
        column: quantity
        for column, quantity in _QUANTITIES[space].items()
        if any(x.last(column) for x in outcomes)
    }


def table_of(outcomes: Sequence[Outcome], space: str) -> Table:
    """Returns a table with a line for each method, of what its searches ended with.

    Args:
        outcomes: Those in the space, with one search at least each.
        space: The space.
    """
    shown = quantities_of(outcomes, space)
    headings = ["method", "searches", *(quantity.title for quantity in shown.values())]
    lines = [
        [x.name, f"{len(x.searches)}"]
        + [_spread(x.last(column), shown[column].form) for column in shown]
        for x in outcomes
    ]
    if space == "s2":
        headings.append(f"searches with more than {MOST_SKIPS} skip connections")
        for x, line in zip(outcomes, lines):
            line.append(f"{sum(skips > MOST_SKIPS for skips in x.last('skips'))}")
    return _table(headings, lines)


def table_over_steps(outcomes: Sequence[Outcome]) -> Table | None:
    """Returns the median accuracies and ranks of the cells after some of the steps.

    Args:
        outcomes: Those in NAS-Bench-201, with one search at least each.

    Returns:
        A table with a line for each method; `None` if none had a table of accuracies.
    """
    steps = sorted({step for x in outcomes for step in x.by_step("table_rank")})
    if not steps:
        return None
    count = min(len(steps), _MOST_STEPS)
    places = np.linspace(0, len(steps) - 1, count).round().astype(int)
    chosen = [steps[place] for place in places]
    lines = [[x.name, *(_median_cell(x, step) for step in chosen)] for x in outcomes]
    return _table(["method", *(f"{step:,} steps" for step in chosen)], lines)


def _median_cell(outcome, step):
    medians = []
    for column, quantity in _OF_TABLE.items():
        values = outcome.by_step(column).get(step)
        if not values:
            return "-"
        medians.append(f"{statistics.median(values):{quantity.form}}")
    accuracy, rank = medians
    return f"{accuracy} (rank {rank})"


def _number(row, column):
    if column == "trained_error":
        return 100 * (1 - float(row["trained_accuracy"]))
    return float(row[column])


def _known(values):
    return [value for value in values if not math.isnan(value)]


def _table(headings, lines):
    columns = tuple(Column(name, name != "method") for name in headings)
    return Table(columns, (tuple(map(tuple, lines)),))


def _spread(values, form):
    """The median, and with several values the lowest and the highest."""
    if not values:
        return "-"
    low, middle, high = (
        f"{value:{form}}"
        for value in (min(values), statistics.median(values), max(values))
    )
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle
