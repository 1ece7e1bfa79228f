"""Rules that end a search before its cells collapse into skip connections."""

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import keras
import numpy as np

from darts_tf.genotype.cell import Cell
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.method.history import UNDECIDED, History, eigenvalues
from darts_tf.method.slots import PACKAGE, Slot
from darts_tf.space.topology import SKIP


@dataclasses.dataclass(frozen=True)
class Stop(Slot):
    """A rule that ends a search before its last epoch."""

    @property
    def eigenvalue_every(self) -> int | None:
        """In every how many epochs it needs the eigenvalue, `None` for never."""
        return None

    def kept_epoch(self, history: History) -> int | None:
        """Returns the epoch whose genotype is kept if the search ends here.

        Args:
            history: The epochs so far, at least one.

        Returns:
            Its number, counted from 1, or `None` if the search goes on.
        """
        raise NotImplementedError


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class RisingEigenvalue(Stop):
    """Ends where the Hessian's largest eigenvalue rises (RobustDARTS, 1909.09656).

    The authors' program evaluates it in every second epoch. From the third value on,
    the mean of the newest ones, of at most `window`, stands for the epoch two values
    before. The search ends where that mean is more than `factor` times the mean that
    was found `distance` values before; the genotype of the epoch for which the latter
    stands is kept, unless that is before `first_epoch`.

    Where every epoch has a value, only those of every `every`-th one count, from the
    first one on: with all of them the rule would look back half as far. The paper words
    it as a ratio below .75, about 1 / 1.3.

    Args:
        every: Epochs from one value to the next.
        window: Number of values in a mean.
        distance: Number of values between the means that are compared.
        factor: Ratio above which the search ends.
        first_epoch: First epoch, counted from 1, whose genotype may be kept.
    """

    every: int = 2
    window: int = 5
    distance: int = 4
    factor: float = 1.3
    first_epoch: int = 11

    @property
    def eigenvalue_every(self) -> int | None:
        return self.every

    def values(self, history: History) -> dict[int, float]:
        """Returns the eigenvalues that count, by the number of their epoch.

        Args:
            history: The epochs so far.
        """
        found = eigenvalues(history)
        steps = [b - a for a, b in itertools.pairwise(found)]
        if min(steps, default=self.every) >= self.every:
            return found
        return {n: value for n, value in found.items() if (n - 1) % self.every == 0}

    def averages(self, history: History) -> dict[int, float]:
        """Returns the means, by the number of the epoch for which each stands.

        Args:
            history: The epochs so far.
        """
        values = self.values(history)
        numbers, newest = list(values), list(values.values())
        return {
            numbers[end - 3]: float(np.mean(newest[max(0, end - self.window) : end]))
            for end in range(3, len(values) + 1)
        }

    def rise(self, history: History) -> int | None:
        """Returns the first epoch whose genotype is to be kept as the values rise.

        Args:
            history: The epochs so far.

        Returns:
            Its number, or `None` if they do not rise.
        """
        averages = list(self.averages(history).items())
        for (number, before), (_, now) in zip(averages, averages[self.distance :]):
            if number >= self.first_epoch and now > self.factor * before:
                return number
        return None

    def kept_epoch(self, history: History) -> int | None:
        return self.rise(history)


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class ManySkipConnections(Stop):
    """Ends at a number of skip connections in the normal cell (DARTS+, 1909.06035).

    The genotype with so many of them is kept, or the last one with fewer where they
    become more at once.

    Args:
        count: The number.
    """

    count: int = 2

    def kept_epoch(self, history: History) -> int | None:
        if skip_connections(history[-1].genotype) < self.count:
            return None
        return last_with_few_skips(history, self.count) or history[-1].number


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class StableRanking(Stop):
    """Ends where the order of the operations no longer changes (DARTS+).

    The order is that of alpha on every edge of all cells. Epochs in which alpha stands
    still do not count.

    Args:
        epochs: Number of epochs in a row that have the same order.
    """

    epochs: int = 10

    def kept_epoch(self, history: History) -> int | None:
        is_stable = [0, *self._lengths(history)][-1] >= self.epochs
        return history[-1].number if is_stable else None

    def first_stable(self, history: History) -> int | None:
        """Returns the first epoch at which the rule ends a search.

        Args:
            history: The epochs so far.

        Returns:
            Its number, or `None` if there is none.
        """
        lengths = zip(history, self._lengths(history))
        return next((x.number for x, length in lengths if length >= self.epochs), None)

    def _lengths(self, history):
        """For each epoch the length of the row of the same order that it is in."""
        alphas, length = [epoch.alphas for epoch in history], 1
        yield from [length] * len(alphas[:1])
        for before, now in itertools.pairwise(alphas):
            if not _is_equal(before, now):
                is_same = _is_equal(_ranking(before), _ranking(now))
                length = length + 1 if is_same else 1
            yield length


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class AllDecided(Stop):
    """Ends where nothing is left to be decided for good (ASAP, DARTS-PT).

    The genotype is then the last one.
    """

    def kept_epoch(self, history: History) -> int | None:
        is_decided = history[-1].metrics.get(UNDECIDED) == 0
        return history[-1].number if is_decided else None


@keras.saving.register_keras_serializable(PACKAGE)
@dataclasses.dataclass(frozen=True)
class FirstOf(Stop):
    """Ends where the first of several rules does.

    Args:
        stops: The `Stop`s.
    """

    stops: tuple[Stop, ...] = ()

    @property
    def eigenvalue_every(self) -> int | None:
        # Each rule takes those of its own epochs from among them.
        return math.gcd(*(stop.eigenvalue_every or 0 for stop in self.stops)) or None

    def kept_epoch(self, history: History) -> int | None:
        kept = (stop.kept_epoch(history) for stop in self.stops)
        return next((number for number in kept if number is not None), None)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "FirstOf":
        stops = map(keras.saving.deserialize_keras_object, config["stops"])
        return cls(tuple(stops))


# Rules that a user chooses by name; that of the eigenvalue is a setting of its own.
STOPS = MappingProxyType(
    {"skip_connections": ManySkipConnections, "stable_ranking": StableRanking}
)


def stop_of(names: Sequence[str], decides: bool, by_eigenvalue: bool) -> Stop | None:
    """Returns the stop of a search, `None` if nothing ends it early.

    Args:
        names: Rules of `STOPS`; other names count for nothing.
        decides: Whether the search ends where all is decided for good, too.
        by_eigenvalue: Whether it ends where the eigenvalue rises, too.
    """
    stops = [rule() for name in names for own, rule in STOPS.items() if own == name]
    if decides:
        stops.append(AllDecided())
    if by_eigenvalue:
        stops.append(RisingEigenvalue())
    return FirstOf(tuple(stops)) if len(stops) > 1 else next(iter(stops), None)


def normal_cell(genotype: SavedGenotype) -> Cell:
    """Returns the normal cell of a genotype, or its only one."""
    cells = genotype.cells
    return cells.get("normal", next(iter(cells.values())))


def skip_connections(genotype: SavedGenotype) -> int:
    """Returns the number of skip connections in the normal cell."""
    return normal_cell(genotype).count(SKIP)


def last_with_few_skips(history: History, most: int) -> int | None:
    """Returns the last epoch with few skip connections in its normal cell, if any.

    Args:
        history: The epochs so far.
        most: Their largest number.
    """
    few = (x.number for x in reversed(history) if skip_connections(x.genotype) <= most)
    return next(few, None)


def _ranking(alpha):
    return {kind: np.argsort(x, axis=-1, kind="stable") for kind, x in alpha.items()}


def _is_equal(first, second):
    return all(np.array_equal(x, second[kind]) for kind, x in first.items())
