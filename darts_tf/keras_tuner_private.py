"""What this project needs of KerasTuner that has no public name.

Nothing else in the package uses a private name of KerasTuner. All was tried with
KerasTuner 1.4.8; `tests/test_keras_tuner_private.py` has a test for each name, which
fails where a release lacks it or gives it another meaning.
"""

import functools
import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import keras_tuner
from keras_tuner.engine.trial import Trial
from keras_tuner.src import protos
from keras_tuner.src.distribute.oracle_chief import OracleServicer
from keras_tuner.src.distribute.oracle_client import OracleClient
from keras_tuner.src.engine.oracle import LOCKS, THREADS

from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

# How often at least a lost chief is looked for, in milliseconds.
_RECONNECTION_MS = 5000


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


def start_oracle_server(
    oracle: Any, address: str, pool: ThreadPoolExecutor
) -> grpc.Server:
    """Starts the server of KerasTuner's chief, and returns at once.

    KerasTuner's own shares its port with whoever else listens there, hears one message
    at a time, and decides itself when it ends.

    Args:
        oracle: What answers: it has the methods of an `Oracle` that are asked for.
        address: Host and port.
        pool: Threads of the answers.

    Returns:
        The server, whose `stop` ends it.

    Raises:
        RuntimeError: If it cannot listen there.
    """
    server = grpc.server(pool, options=[("grpc.so_reuseport", 0)])
    protos.get_service_grpc().add_OracleServicer_to_server(
        OracleServicer(oracle), server
    )
    server.add_insecure_port(address)
    server.start()
    return server


class PatientClient(OracleClient):
    """KerasTuner's client of a chief, which outlasts a new start of the chief.

    KerasTuner's own fails when the chief ends, and waits an hour for one that is not
    there yet. Each method here waits for the chief as long as it is told, and asks
    again if the chief was lost meanwhile.

    Args:
        address: Host and port of the chief.
        patience: Seconds without an answer after which a method gives up.

    Attributes:
        address: That of the chief.

    Raises:
        UserError: By each method, if there is no answer.
    """

    def __init__(self, address: str, patience: float):
        # KerasTuner's constructor is not called, which makes another channel.
        self.address = address
        self._channel = grpc.insecure_channel(
            address,
            options=[
                ("grpc.max_reconnect_backoff_ms", _RECONNECTION_MS),
                ("grpc.enable_http_proxy", 0),
            ],
        )
        stub = protos.get_service_grpc().OracleStub(self._channel)
        self.stub = _PatientStub(stub, address, patience)
        self.multi_worker, self.should_report = False, True

    def close(self) -> None:
        """Ends the connection, and what waits for an answer."""
        self._channel.close()


class _PatientStub:
    """The stub of a client, whose calls wait for the chief."""

    def __init__(self, stub, address, patience):
        self._stub, self._address, self._patience = stub, address, patience

    def __getattr__(self, name):
        return functools.partial(self._call, getattr(self._stub, name))

    def _call(self, method, request, **_):
        deadline = time.monotonic() + self._patience
        while True:
            left = max(0.0, deadline - time.monotonic())
            try:
                return method(request, wait_for_ready=True, timeout=left)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE or not left:
                    raise self._error(error) from error
            time.sleep(min(left, 0.1))

    def _error(self, error):
        lost = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
        if error.code() in lost:
            reason = f"has not answered for {self._patience:g} s"
        else:
            reason = f"has refused a message ({error.details()})"
        return UserError(f"The chief at {self._address} {reason}.")


def _is_remote(path):
    return "://" in path
