"""The trials of a search, which a strategy has asked for and was told of."""

import dataclasses
import math
from collections.abc import Mapping
from typing import NamedTuple

from darts_tf.errors import shortened
from darts_tf.genotype.saved_genotype import SavedGenotype
from darts_tf.rivals.strategy import Strategy
from darts_tf.runs.run_config import damaged
from darts_tf.trials.budget import Spent
from darts_tf.trials.trial_log import TrialLog

_ASKED, _TOLD, _ASKED_IN_VAIN = "asked", "told", "asked_in_vain"


class AskedTrial(NamedTuple):
    """A genotype that is to be tried.

    Attributes:
        number: From 1 up, in the order in which the strategy asked.
        genotype: The genotype.
        epochs: Number of epochs of its training, or `None` for that of all.
    """

    number: int
    genotype: SavedGenotype
    epochs: int | None = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Attributes:
        score: What the strategy is told, higher is better.
        steps: Steps of the weights w.
        seconds: Of a device.
        metrics: What else was measured, by name; what was not, or is no finite number,
            is `None`.
    """

    score: float
    steps: int = 0
    seconds: float = 0.0
    metrics: Mapping[str, float | None] = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        metrics = {
            name: None if value is None or not math.isfinite(value) else value
            for name, value in self.metrics.items()
        }
        object.__setattr__(self, "metrics", metrics)


class TrialHistory:
    """What a strategy was asked and told, kept in a log.

    A strategy is a function of its seed and of what it was asked and told, also of how
    often it had no answer. So the history of a process that was killed is made again
    from the log, and goes on as if nothing had been: genotypes that were asked for and
    not told yet are tried again.

    Args:
        strategy: The `Strategy` as it begins.
        log: The `TrialLog`.

    Attributes:
        outcomes: By the number of the trial, in the order in which they were told.

    Raises:
        RunFolderError: If the strategy asks for others than those in the log.
    """

    def __init__(self, strategy: Strategy, log: TrialLog):
        self.strategy, self._log = strategy, log
        self._asked: dict[int, AskedTrial] = {}
        # How often it was asked without an answer since the last line of the log.
        self._asked_in_vain = 0
        self._best: int | None = None
        self._steps, self._seconds = 0, 0.0
        self.outcomes: dict[int, Outcome] = {}
        for number, event in enumerate(log.events, 1):
            if not self._replay(**event):
                raise damaged(
                    log.path,
                    f"in line {number} what strategy {strategy.name} does",
                    shortened(event),
                )

    @property
    def genotypes(self) -> dict[int, SavedGenotype]:
        """The genotypes by the number of the trial, in this order."""
        return {number: trial.genotype for number, trial in self._asked.items()}

    @property
    def pending(self) -> list[AskedTrial]:
        """What was asked for and not told yet."""
        return [x for n, x in self._asked.items() if n not in self.outcomes]

    @property
    def spent(self) -> Spent:
        """What the trials have cost."""
        return Spent(len(self._asked), self._steps, self._seconds)

    @property
    def best(self) -> int | None:
        """Number of the trial of the highest score, the first of equals."""
        return self._best

    def ask(self) -> AskedTrial | None:
        """Returns the next trial, once it stands in the log.

        It is `None` where the strategy has none before another one is told.
        """
        trial = self._ask()
        if trial is None:
            self._asked_in_vain += 1
        else:
            self._append(_event(trial))
        return trial

    def tell(self, number: int, outcome: Outcome) -> None:
        """Says what came of a trial.

        Args:
            number: The trial, which was asked for and has not been told.
            outcome: Its `Outcome`.
        """
        self._append({_TOLD: number, **dataclasses.asdict(outcome)})
        self._told(number, outcome)

    def _append(self, event):
        count, self._asked_in_vain = self._asked_in_vain, 0
        self._log.append({**event, **({_ASKED_IN_VAIN: count} if count else {})})

    def _ask(self):
        genotype = self.strategy.ask()
        if genotype is None:
            return None
        trial = AskedTrial(len(self._asked) + 1, genotype, self.strategy.epochs)
        self._asked[trial.number] = trial
        return trial

    def _told(self, number, outcome):
        self.strategy.tell(self._asked[number].genotype, outcome.score)
        self.outcomes[number] = outcome
        self._steps += outcome.steps
        self._seconds += outcome.seconds
        if self._best is None or self._rank(number) > self._rank(self._best):
            self._best = number

    def _rank(self, number):
        return self.outcomes[number].score, -number

    def _replay(self, asked_in_vain=0, **event):
        """Does what a line says; returns whether the strategy does the same."""
        if any(self._ask() for _ in range(asked_in_vain)):
            return False
        if _ASKED in event:
            trial = self._ask()
            return trial is not None and event == _event(trial)
        number = event.pop(_TOLD, None)
        if number not in self._asked or number in self.outcomes:
            return False
        self._told(number, Outcome(**event))
        return True


def _event(trial):
    """The line of the log that says what was asked for."""
    epochs = {} if trial.epochs is None else {"epochs": trial.epochs}
    cells = trial.genotype.to_json_object()
    return {_ASKED: trial.number, "genotype": cells, **epochs}
