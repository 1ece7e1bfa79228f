"""What this project needs of KerasTuner that has no public name.

Nothing else in the package uses a private name of KerasTuner. All was tried with
KerasTuner 1.4.8; `tests/test_keras_tuner_private.py` has a test for each name, which
fails where a release lacks it or gives it another meaning.
"""

import functools
import json
import os
import threading
from collections.abc import Callable
from typing import Any

import keras_tuner
from keras_tuner.engine.trial import Trial
from keras_tuner.src.engine.oracle import LOCKS, THREADS

from darts_tf.atomic_file import write_atomically


class WholeFilesOracle(keras_tuner.Oracle):
    """Base of oracles whose files are never half written.

    KerasTuner writes over the file that is there, so that a process that is killed
    meanwhile leaves none that can be read. Folders of a remote file system, such as
    `gs://bucket`, are left to KerasTuner.
    """

    def save(self) -> None:
        path = self._get_oracle_fname()
        if _is_remote(path):
            super().save()
        else:
            write_atomically(path, json.dumps(self.get_state()))

    def _save_trial(self, trial):
        path = os.path.join(self._get_trial_dir(trial.trial_id), "trial.json")
        if _is_remote(path):
            super()._save_trial(trial)
        else:
            write_atomically(path, json.dumps(trial.get_state()))


def synchronized(method: Callable[..., Any]) -> Callable[..., Any]:
    """As `keras_tuner.synchronized`, but an error lets go of the oracle's lock, too.

    KerasTuner's keeps it, so that a chief waits for ever which has refused something.

    Args:
        method: Method of an oracle.
    """
    locked = keras_tuner.synchronized(method)

    @functools.wraps(method)
    def released(self, *args, **kwargs):
        thread = threading.current_thread().name
        is_outermost = THREADS[self] != thread
        try:
            return locked(self, *args, **kwargs)
        finally:
            if is_outermost and THREADS[self] == thread:
                THREADS[self] = None
                LOCKS[self].release()

    return released


def trials_to_give_again(oracle: keras_tuner.Oracle) -> list[str]:
    """Returns the ids of the trials that the next askers get, the last one first.

    It is the list of the oracle itself, to which ids can be added.
    """
    return oracle._retry_queue


def copied(trial: Trial) -> Trial:
    """Returns a copy of a trial that shares nothing with it."""
    return type(trial).from_state(json.loads(json.dumps(trial.get_state())))


def _is_remote(path):
    return "://" in path
