"""Early ends of a run: by SIGTERM, or because another worker is lost."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.failures import first_reason


class TerminatedError(UserError):
    """SIGTERM came; the exit code is that of a process which the signal ended."""

    exit_code = 128 + signal.SIGTERM


class LostWorkerError(UserError):
    """Another worker has ended or hangs.

    The exit code is one that Kubeflow takes for worth another try, as all from 128.
    """

    exit_code = 128 + signal.SIGUSR1

    def __init__(self, reason: str):
        super().__init__(
            f"Another worker of TF_CONFIG is lost ({reason}); what it printed last may "
            "say why. The last checkpoint is kept: the same commands continue."
        )


@contextlib.contextmanager
def lost_workers_explained() -> Iterator[None]:
    """Turns TensorFlow's errors of a lost worker into a `LostWorkerError`."""
    try:
        yield
    except (
        tf.errors.UnavailableError,
        tf.errors.AbortedError,
        tf.errors.CancelledError,
        tf.errors.DeadlineExceededError,
    ) as error:
        raise LostWorkerError(first_reason(error)) from error


@contextlib.contextmanager
def sigterm_raises(state: str = "nothing was written.") -> Iterator[None]:
    """Within, SIGTERM raises a `TerminatedError`, so that temporary files are removed.

    For work that writes its result at its end; Python takes signals on the main thread
    only, between two calls of TensorFlow.

    Args:
        state: What the error says of the work, the end of a sentence.
    """

    def end(*_):
        raise _Sigterm

    try:
        with _at_sigterm(end):
            yield
    except _Sigterm as error:
        raise TerminatedError(f"Ended by SIGTERM; {state}") from error


@contextlib.contextmanager
def _at_sigterm(handle: Callable[..., None]) -> Iterator[None]:
    """Within, SIGTERM calls a function, and after that what it did before."""
    # Python lets the main thread alone handle signals.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Sigterm(BaseException):
    """Not an `Exception`, which a reader of damaged files would take for its own."""


@contextlib.contextmanager
def interruption_callbacks(
    workers: Any, limit: float
) -> Iterator[list[keras.callbacks.Callback]]:
    """Gives the callbacks that end a run before its time, for as long as it lasts.

    Args:
        workers: `Workers`.
        limit: See `Watchdog`.
    """
    watchdog = [Watchdog(limit)] if workers.count > 1 else []
    callbacks = [EndAfterSignal(workers), *watchdog]
    try:
        yield callbacks
    finally:
        # Keras does not call these where an error ends the training.
        for callback in callbacks:
            callback.on_train_end()


class EndAfterSignal(keras.callbacks.Callback):
    """Ends the run after the step in which SIGTERM comes to any worker.

    All workers end with the same step, so that none of them takes another for lost.

    Args:
        workers: `Workers`.
    """

    def __init__(self, workers: Any):
        super().__init__()
        self.workers, self._received = workers, False
        self._listening = contextlib.ExitStack()

    def on_train_begin(self, logs=None):
        self._listening.enter_context(_at_sigterm(self._receive))

    def _receive(self, *_):
        self._received = True

    def on_train_batch_end(self, batch, logs=None):
        if self.workers.any(self._received):
            self.workers.leave()
            raise TerminatedError(
                "Ended by SIGTERM. The last checkpoint is kept: the same command "
                "continues after the last whole epoch."
            )

    def on_train_end(self, logs=None):
        self._listening.close()


class EndWithoutFolder(keras.callbacks.Callback):
    """Ends the run when its folder is gone.

    Comes before the callback that writes there.

    Args:
        folder: `RunFolder`.
    """

    def __init__(self, folder: Any):
        super().__init__()
        self.folder = folder

    def on_train_batch_end(self, batch, logs=None):
        self.folder.require_claim()

    on_test_batch_end = on_train_batch_end
    on_epoch_end = on_train_batch_end


class Watchdog(keras.callbacks.Callback):
    """Ends this process where nothing happens for too long.

    TensorFlow notices by itself when another worker ends or does not answer; not when
    one answers but does not get on with the step, for which all others wait. The first
    step, in which graphs are traced, may take any time; not that of a later `fit`.

    Args:
        limit: Longest time between the ends of two batches, in seconds.
    """

    def __init__(self, limit: float):
        super().__init__()
        self.limit, self._last, self._ended = limit, None, None

    def on_train_begin(self, logs=None):
        self._last = self._last and time.monotonic()
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def on_train_batch_end(self, batch, logs=None):
        self._last = time.monotonic()

    on_test_batch_end = on_train_batch_end

    def on_train_end(self, logs=None):
        if self._ended is not None:
            self._ended.set()

    def _watch(self):
        while not self._ended.wait(min(1, self.limit / 10)):
            if self._last and time.monotonic() - self._last > self.limit:
                error = LostWorkerError(f"no step ended in {self.limit} s")
                # The main thread waits for the other worker, and for no signal.
                print(f"\n{error}", file=sys.stderr, flush=True)
                os._exit(error.exit_code)
