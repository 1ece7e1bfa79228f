"""The chief of a search by trials, whose workers are other processes."""

import concurrent.futures
import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import Trial, TrialStatus

from darts_tf.errors import first_line
from darts_tf.keras_tuner_private import start_oracle_server
from darts_tf.space.search_space import SearchSpace
from darts_tf.trials.history import Outcome
from darts_tf.trials.loans import TrialLoans
from darts_tf.trials.messages import lent_trial, no_trial, place_of, result_of
from darts_tf.trials.tuner_environment import TunerProcess

# The value of `get_space` that says what the search is.
SEARCH = "darts_tf/search"
# Messages at a time: one that waits for a proposal or a page keeps no other back.
_THREADS = 64
# How long the chief waits at the end for workers that have not heard of it: those that
# live and have no trial ask every second.
_FAREWELL_SECONDS = 10.0
# How long the last answers may take to be sent.
_LAST_ANSWERS_SECONDS = 5.0


class TrialOracle:
    """Answers KerasTuner's server, which hands it the messages of the workers.

    It has the methods of an `Oracle` that a worker needs, and no state of its own: the
    history has all that lasts, and the loans who has which trial.

    Args:
        space: The space of the genotypes.
        loans: The `TrialLoans`.
        told: Function that is called with the number of each trial that has been told.
        search: What workers are to know of the search, what JSON can hold.
    """

    def __init__(
        self,
        space: SearchSpace,
        loans: TrialLoans,
        told: Callable[[int], None],
        search: Mapping[str, Any],
    ):
        self._space, self._loans, self._told = space, loans, told
        self._search = json.dumps(search)
        self._changed = threading.Condition()
        self._error: Exception | None = None

    def get_space(self) -> keras_tuner.HyperParameters:
        """Returns what `search` says, as a fixed hyperparameter."""
        hyperparameters = keras_tuner.HyperParameters()
        hyperparameters.Fixed(SEARCH, self._search)
        return hyperparameters

    def create_trial(self, tuner_id: str) -> Trial:
        """Lends a trial, if there is one."""
        self._loans.hear(tuner_id)
        with self._alone():
            trial = None if self._error else self._loans.lend(tuner_id)
            if trial is not None:
                return lent_trial(self._space, trial, tuner_id)
            if not self._has_ended():
                return no_trial(TrialStatus.IDLE)
            self._loans.dismiss(tuner_id)
        return no_trial(TrialStatus.STOPPED)

    def get_trial(self, trial_id: str) -> Trial:
        """Takes a sign of life of the worker that has a trial."""
        number, worker = place_of(trial_id)
        self._loans.hear(worker)
        with self._alone():
            self._loans.renew(number, worker)
        return Trial(keras_tuner.HyperParameters(), trial_id, TrialStatus.RUNNING)

    def end_trial(self, trial: Trial) -> None:
        """Takes what came of a trial."""
        (number, worker), result = place_of(trial.trial_id), result_of(trial)
        self._loans.hear(worker)
        with self._alone():
            if self._error:
                return
            if not isinstance(result, Outcome):
                self._loans.take_failure(number, worker, result)
            elif self._loans.take(number, worker, result):
                self._told(number)

    def wait(self) -> None:
        """Returns when the search has ended, and the workers that live know it.

        Raises:
            Exception: What has ended it before its time.
        """
        with self._changed:
            self._changed.wait_for(self._has_ended)
            self._changed.wait_for(lambda: not self._loans.workers, _FAREWELL_SECONDS)
        if self._error:
            raise self._error

    @contextlib.contextmanager
    def _alone(self):
        """Within, no other thread changes anything; an error ends the search."""
        with self._changed:
            try:
                yield
            except Exception as error:
                self._error = self._error or error
            self._changed.notify_all()

    def _has_ended(self):
        return self._error is not None or self._loans.have_ended


def serve(oracle: TrialOracle, process: TunerProcess) -> None:
    """Serves workers until the search has ended.

    Args:
        oracle: What answers them.
        process: Where they look for it.

    Raises:
        UserError: If the port is taken, or anything else ends the search.
    """
    with concurrent.futures.ThreadPoolExecutor(_THREADS) as pool:
        try:
            server = start_oracle_server(oracle, process.address, pool)
        except RuntimeError as error:
            raise process.cannot_listen(first_line(error)) from error
        print(f"The chief waits for workers at {process.address}.", flush=True)
        try:
            oracle.wait()
        finally:
            server.stop(_LAST_ANSWERS_SECONDS).wait()
