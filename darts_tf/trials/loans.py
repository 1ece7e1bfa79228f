"""Trials on loan to workers, some of which may never come back."""

import time
from collections.abc import Callable

from darts_tf.errors import UserError
from darts_tf.trials.budget import Budget
from darts_tf.trials.history import AskedTrial, Outcome, TrialHistory


class TrialLoans:
    """Lends the trials of a search to workers, and takes what came of them.

    A worker has a lease on its trial, which whatever it says renews. When the lease has
    run out the next worker that asks gets the trial, with its number and its genotype,
    and what the first one may still bring is dropped: the history is told of each trial
    once. Who has which trial is nowhere but here. After a new start a trial that was
    not told belongs to the worker that first asks, or says that it is at it.

    Args:
        history: What has been tried so far; it grows.
        budget: The `Budget`.
        timeout: Seconds without a word of a worker after which its lease runs out.
        clock: Function that returns the time in seconds.
    """

    def __init__(
        self,
        history: TrialHistory,
        budget: Budget,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._history, self._budget = history, budget
        self._timeout, self._clock = timeout, clock
        # Of each worker the time of its last word, and of each trial its borrower.
        self._last_times: dict[str, float] = {}
        self._borrowers: dict[int, str] = {}
        self._failed: set[int] = set()
        # With so many outcomes the strategy had no other genotype.
        self._exhausted_at: int | None = None

    @property
    def have_ended(self) -> bool:
        """Whether all that began has ended, and no other trial may begin."""
        return not self._history.pending and not self._may_ask()

    @property
    def workers(self) -> list[str]:
        """The workers that have said something lately and were not dismissed."""
        return [x for x in self._last_times.copy() if self._is_alive(x)]

    def hear(self, worker: str) -> None:
        """Notes that a worker has said something; any thread may call it."""
        self._last_times[worker] = self._clock()

    def dismiss(self, worker: str) -> None:
        """Notes that a worker ends, and needs no more to be told."""
        self._last_times.pop(worker, None)

    def lend(self, worker: str) -> AskedTrial | None:
        """Returns a trial for a worker; `None` where there is none now, or no more.

        A worker that has a trial gets the same one again.
        """
        self.hear(worker)
        free = [x for x in self._history.pending if self._may_have(worker, x.number)]
        # Its own one comes first, or nobody else would ever get that.
        free.sort(key=lambda trial: self._borrowers.get(trial.number) != worker)
        trial = free[0] if free else self._next()
        if trial is not None:
            self._lend(trial.number, worker)
        return trial

    def renew(self, number: int, worker: str) -> None:
        """Notes that a worker is at a trial."""
        self.hear(worker)
        if self._counts(number, worker):
            self._borrowers[number] = worker

    def take(self, number: int, worker: str, outcome: Outcome) -> bool:
        """Tells the history what came of a trial.

        Returns:
            Whether it counts: not if the trial has been told, or is on loan to another
            worker by now.
        """
        self.hear(worker)
        if not self._counts(number, worker):
            print(f"trial {number}: a late result of {worker} is dropped", flush=True)
            return False
        self._borrowers.pop(number, None)
        self._history.tell(number, outcome)
        return True

    def take_failure(self, number: int, worker: str, reason: str) -> None:
        """Takes back a trial that a worker could not end, for the next one that asks.

        The worker itself ends.

        Raises:
            UserError: If the trial has failed before.
        """
        self.dismiss(worker)
        if self._borrowers.get(number) != worker:
            return
        del self._borrowers[number]
        if number in self._failed:
            raise UserError(f"Trial {number} has failed twice: {reason}")
        self._failed.add(number)
        print(f"trial {number} has failed on {worker}: {reason}", flush=True)

    def _next(self):
        if not self._may_ask():
            return None
        trial = self._history.ask()
        if trial is None:
            self._exhausted_at = len(self._history.outcomes)
        return trial

    def _may_ask(self):
        is_exhausted = self._exhausted_at == len(self._history.outcomes)
        return not is_exhausted and self._budget.is_left(self._history.spent)

    def _lend(self, number, worker):
        before = self._borrowers.get(number, worker)
        if before != worker:
            print(
                f"trial {number} goes to {worker}: {before} was silent for "
                f"{self._timeout:g} s",
                flush=True,
            )
        self._borrowers[number] = worker

    def _counts(self, number, worker):
        """Whether what a worker says of a trial counts."""
        is_pending = any(trial.number == number for trial in self._history.pending)
        return is_pending and self._may_have(worker, number)

    def _may_have(self, worker, number):
        """Whether nobody else has a trial on loan."""
        borrower = self._borrowers.get(number, worker)
        return borrower == worker or not self._is_alive(borrower)

    def _is_alive(self, worker):
        last_time = self._last_times.get(worker)
        return last_time is not None and self._clock() - last_time <= self._timeout
