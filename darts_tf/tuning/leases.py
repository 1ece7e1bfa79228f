"""Trials on loan: what a worker does not report on for too long goes to another one.

KerasTuner's chief has no heartbeat. A worker that dies keeps its trial for ever, and
the chief waits for it for ever. Here a worker has a lease on its trial, which every
report renews: asking for a trial, `update_trial`, and `get_trial`, which the oracle of
a worker passes on to the chief as well, so that it serves as a heartbeat. When the
lease has run out, the next worker that asks gets the trial, with the same id and the
same values, and what the first one may still say of it counts no more.

Messages to the chief name the trial and not the worker, but the trial that a worker
gives back at the end holds what it was given. So each lease has a number, which goes
along as a metric of that name. Reports come without it: those on a trial that is not on
loan for the first time are kept back until the end tells whose the last one is. Workers
report immediately before they end a trial; only if two end the same one within that
moment can the report of one be taken for that of the other, which tried the same.
"""

import functools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import Trial

from darts_tf.errors import UserError, first_line, invalid_value
from darts_tf.keras_tuner_private import (
    WholeFilesOracle,
    copied,
    synchronized,
    trials_to_give_again,
)

RUNNING, COMPLETED, IDLE, STOPPED = "RUNNING", "COMPLETED", "IDLE", "STOPPED"
LEASE = "lease"
# How long an asker waits for whom there is no trial yet, in seconds. It asks again at
# once, and while it waits the chief hears nobody.
IDLE_SECONDS = 0.1


class LeasedOracle(WholeFilesOracle):
    """An oracle that gives each trial out with a lease.

    Its folder can be read at every moment: after a kill, `reload` goes on with all that
    was ended before, and gives out again what was not, under new leases.

    Args:
        *args: Those of the oracle.
        worker_timeout: Seconds without a report after which a lease runs out; `None`
            for leases without end. If a worker gives no heartbeat, it is the longest
            time that a trial takes.
        clock: Function that returns the time in seconds.
        **kwargs: Those of the oracle.

    Raises:
        ValueError: If `worker_timeout` is no positive number.
    """

    def __init__(
        self,
        *args: Any,
        worker_timeout: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ):
        if worker_timeout is None:
            worker_timeout = math.inf
        elif not isinstance(worker_timeout, int | float) or not worker_timeout > 0:
            expected = "a positive number of seconds, or None"
            raise invalid_value("worker_timeout", expected, worker_timeout)
        self._worker_timeout = worker_timeout
        self._clock = clock
        # Of each tuner the time of its last report, of each trial the number of its
        # lease, and of those on loan again the last report.
        self._last_times: dict[str, float] = {}
        self._leases: dict[str, int] = {}
        self._reports: dict[str, tuple[dict[str, float], int]] = {}
        super().__init__(*args, **kwargs)

    @property
    def tuner_ids(self) -> set[str]:
        """The tuners that live, for which the chief waits before it ends."""
        self._end_leases()
        return self._tuner_ids

    @tuner_ids.setter
    def tuner_ids(self, tuner_ids: set[str]) -> None:
        self._tuner_ids = tuner_ids

    @synchronized
    def create_trial(self, tuner_id: str) -> Trial:
        """Lends a trial; one whose lease has run out goes first.

        While leases can run out there is no end: who asks for more is to ask again, and
        may get one of these trials.
        """
        self._last_times[tuner_id] = self._clock()
        self._end_leases()
        holds_one = tuner_id in self.ongoing_trials
        trial = super().create_trial(tuner_id)
        leases_end = self.ongoing_trials and self._worker_timeout < math.inf
        if trial.status == STOPPED and leases_end:
            self.tuner_ids.add(tuner_id)
            trial.status = IDLE
        if trial.status == IDLE:
            time.sleep(IDLE_SECONDS)
        if trial.status != RUNNING:
            return trial
        if not holds_one:
            self._leases[trial.trial_id] = self._leases.get(trial.trial_id, 0) + 1
        return self._lent(trial)

    @synchronized
    def get_trial(self, trial_id: str) -> Trial:
        """Returns a trial, and renews its lease."""
        self._renew_lease(trial_id)
        return super().get_trial(trial_id)

    @synchronized
    def update_trial(
        self, trial_id: str, metrics: Mapping[str, float], step: int = 0
    ) -> Trial:
        """Takes a report, unless the trial is ended, and renews the lease."""
        if not self._renew_lease(trial_id):
            return super().get_trial(trial_id)
        if self._leases[trial_id] > 1:
            self._reports[trial_id] = (dict(metrics), step)
            return super().get_trial(trial_id)
        return super().update_trial(trial_id, metrics, step)

    @synchronized
    def end_trial(self, trial: Trial) -> None:
        """Ends a trial, unless who says so has its lease no more."""
        trial_id = trial.trial_id
        report = self._reports.pop(trial_id, None)
        if not self._renew_lease(trial_id) or not self._is_current(trial):
            return
        if report:
            super().update_trial(trial_id, *report)
        elif trial.status == COMPLETED and self._leases[trial_id] > 1:
            # The report has been taken for that of one whose lease had run out.
            self._take_back(self._holder(trial_id))
            return
        try:
            super().end_trial(trial)
        except RuntimeError:
            # Too many have failed: this worker ends, and who asks next shall end too.
            self.ongoing_trials.pop(self._holder(trial_id))
            self.max_trials = len(self.trials)
            raise

    def get_state(self) -> dict[str, Any]:
        return {**super().get_state(), "leases": self._leases}

    def set_state(self, state: Mapping[str, Any]) -> None:
        super().set_state(state)
        self._leases = dict(state["leases"])

    def reload(self) -> None:
        """Goes on from the folder of an oracle that has ended, or was killed.

        Raises:
            UserError: If the files of the folder do not fit this oracle.
        """
        try:
            super().reload()
            # A trial has its own file first. One that the oracle does not know of yet
            # has not been given out, and comes once more.
            self.trials = {name: self.trials[name] for name in self.start_order}
            waiting = trials_to_give_again(self)
            # The file has a trial that has just ended among those on loan, and one
            # that is to be tried again in both places.
            left = [x for x in dict.fromkeys(waiting) if x not in self.end_order]
            waiting[:] = left
            for trial_id in waiting:
                # The last lease may be younger than the file.
                self._leases[trial_id] = self._leases.get(trial_id, 0) + 1
                _begin_again(self.trials[trial_id])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise UserError(
                f"{self._project_dir} is no folder of this search "
                f"({first_line(error)})."
            ) from error

    def _lent(self, trial):
        """Returns the copy of a trial that a worker gets."""
        _begin_again(trial)
        self._reports.pop(trial.trial_id, None)
        lent = copied(trial)
        lent.metrics.register(LEASE, direction="min")
        lent.metrics.update(LEASE, self._leases[trial.trial_id])
        return lent

    def _holder(self, trial_id):
        """Returns the tuner that has a trial on loan, or `None`."""
        pairs = self.ongoing_trials.items()
        return next((tuner for tuner, x in pairs if x.trial_id == trial_id), None)

    def _renew_lease(self, trial_id):
        """Returns whether the trial is on loan."""
        holder = self._holder(trial_id)
        if holder is not None:
            self._last_times[holder] = self._clock()
        return holder is not None

    def _is_current(self, trial):
        """Whether a trial that is given back has the lease that counts."""
        if not trial.metrics.exists(LEASE):
            return True
        number = trial.metrics.get_last_value(LEASE)
        return number == self._leases[trial.trial_id]

    def _end_leases(self):
        """Forgets the tuners that have not reported for too long."""
        oldest = self._clock() - self._worker_timeout
        for tuner_id in [*self._tuner_ids]:
            if self._last_times[tuner_id] < oldest:
                self._tuner_ids.remove(tuner_id)
                if tuner_id in self.ongoing_trials:
                    self._take_back(tuner_id)

    def _take_back(self, tuner_id):
        trial = self.ongoing_trials.pop(tuner_id)
        trials_to_give_again(self).append(trial.trial_id)


@functools.cache
def leased(oracle_class: type[keras_tuner.Oracle]) -> type[keras_tuner.Oracle]:
    """Returns an oracle of KerasTuner, or of one's own, with leases.

    Args:
        oracle_class: The class of the oracle.

    Returns:
        A class whose arguments are those of the oracle and of `LeasedOracle`.

    Raises:
        ValueError: If it is no class of oracles.

    Example:

    ```python
    import keras_tuner

    make_oracle = leased(keras_tuner.oracles.RandomSearchOracle)
    oracle = make_oracle(objective="val_accuracy", max_trials=8, worker_timeout=600)
    ```
    """
    is_class = isinstance(oracle_class, type)
    if not is_class or not issubclass(oracle_class, keras_tuner.Oracle):
        raise invalid_value("oracle_class", "a subclass of `Oracle`", oracle_class)
    return type(f"Leased{oracle_class.__name__}", (LeasedOracle, oracle_class), {})


def _begin_again(trial):
    """Forgets what a worker has said of a trial that another one gets."""
    trial.status, trial.score, trial.best_step = RUNNING, None, 0
    trial.metrics = type(trial.metrics)()
