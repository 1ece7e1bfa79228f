"""A worker of a search by trials, which tries what its chief proposes."""

import concurrent.futures
import threading
from collections.abc import Callable

from keras_tuner.engine.trial import TrialStatus

from darts_tf.errors import UserError
from darts_tf.keras_tuner_private import PatientClient
from darts_tf.space.search_space import SearchSpace
from darts_tf.trials.history import AskedTrial, Outcome
from darts_tf.trials.messages import asked_trial, ended_trial

_IDLE_SECONDS = 1.0


class TrialWorker:
    """Asks for trials, tries them, and says what came of them, until there are no more.

    While it tries one it gives signs of life, so that a lease may be shorter than a
    trial.

    Args:
        client: A client of the chief.
        space: The space of the genotypes.
        evaluate: Function of a trial that returns what came of it, called on a thread.
        count: Number of trials at a time.
        interval: Seconds between two signs of life.
    """

    def __init__(
        self,
        client: PatientClient,
        space: SearchSpace,
        evaluate: Callable[[AskedTrial], Outcome],
        count: int,
        interval: float,
    ):
        self._client, self._space = client, space
        self._evaluate, self._count = evaluate, count
        self._interval = interval
        # Each trial has a thread that asks, and one that tries.
        self._pool = concurrent.futures.ThreadPoolExecutor(2 * count)
        self._ends = threading.Event()

    def run(self, name: str) -> None:
        """Works until the search has ended.

        Args:
            name: Of this worker, which no other one has.

        Raises:
            UserError: If a trial fails, which the chief learns, or the chief is lost.
        """
        names = [f"{name}.{place}" for place in range(1, self._count + 1)]
        places = [self._pool.submit(self._work, name) for name in names]
        try:
            for place in concurrent.futures.as_completed(places):
                place.result()
        finally:
            # What is cut off now has not failed.
            self._ends.set()
            self._client.close()
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _work(self, name):
        while not self._ends.is_set():
            message = self._client.create_trial(name)
            if message.status == TrialStatus.STOPPED:
                return
            if message.status == TrialStatus.RUNNING:
                self._try(message)
            else:
                self._ends.wait(_IDLE_SECONDS)

    def _try(self, message):
        trial = asked_trial(self._space, message)
        future = self._pool.submit(self._evaluate, trial)
        while not concurrent.futures.wait([future], self._interval).done:
            self._client.get_trial(message.trial_id)
        try:
            outcome = future.result()
        except UserError as error:
            if not self._ends.is_set():
                self._client.end_trial(ended_trial(message, str(error)))
            raise
        self._client.end_trial(ended_trial(message, outcome))
