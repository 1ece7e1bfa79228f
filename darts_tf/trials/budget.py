"""The budget of a search by trials, which ends it whatever its method is."""

import dataclasses
import re
from typing import NamedTuple, Self

from darts_tf.errors import SettingError
from darts_tf.limits import MAX_COUNT

_TRIALS, _STEPS, _SECONDS = "trials", "steps", "seconds"
# What may follow a number: the unit of the budget, and how many of it that is.
_UNITS = {
    "": (_TRIALS, 1),
    "trials": (_TRIALS, 1),
    "steps": (_STEPS, 1),
    "s": (_SECONDS, 1),
    "m": (_SECONDS, 60),
    "h": (_SECONDS, 3600),
}
_WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([a-z]*)")
_MOST = {_TRIALS: MAX_COUNT, _STEPS: 10**12, _SECONDS: 10**9}
_EXPECTED = (
    "a number of trials such as 24, of steps of the weights such as 300000steps, or a "
    "time of the devices such as 6h, 90m or 30s"
)


class Spent(NamedTuple):
    """What a search by trials has spent.

    Attributes:
        trials: Number of trials that have begun.
        steps: Steps of the weights w in those that have ended.
        seconds: The same of seconds of a device.
    """

    trials: int = 0
    steps: int = 0
    seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class Budget:
    """What a search by trials may spend: a trial begins while something is left.

    So the last trial may go beyond it, by less than itself; what has been spent says by
    how much.

    Attributes:
        amount: Above 0.
        unit: `"trials"`, `"steps"` or `"seconds"`, the field of `Spent` that counts.
    """

    amount: float
    unit: str = _TRIALS

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a budget as a user writes it.

        Args:
            text: For instance `"300"` trials, `"300000steps"`, `"6h"`, `"90m"` or
                `"30s"`.

        Raises:
            SettingError: If it is none.
        """
        written = _WRITTEN.fullmatch(text)
        if not written or written[2] not in _UNITS:
            raise SettingError("budget", text, _EXPECTED)
        unit, factor = _UNITS[written[2]]
        amount = float(written[1]) * factor
        is_whole = unit == _SECONDS or amount.is_integer()
        if not is_whole or not 0 < amount <= _MOST[unit]:
            raise SettingError("budget", text, _EXPECTED)
        return cls(amount, unit)

    @property
    def counts_trials(self) -> bool:
        """Whether it is a number of trials, which needs no training to be counted."""
        return self.unit == _TRIALS

    def is_left(self, spent: Spent) -> bool:
        """Whether another trial may begin."""
        return getattr(spent, self.unit) < self.amount

    def share(self, spent: Spent) -> float:
        """Returns which share has been spent, at most 1."""
        return min(1.0, getattr(spent, self.unit) / self.amount)

    def __str__(self):
        amount = f"{self.amount:,.0f}" if self.amount >= 1 else f"{self.amount:g}"
        words = {_STEPS: "steps of the weights", _SECONDS: "seconds of a device"}
        return f"{amount} {words.get(self.unit, self.unit)}"
