import os
import shutil
import signal
import threading
import time

import pytest
import tensorflow as tf

from darts_tf.distribution.interruption import (
    EndAfterSignal,
    EndWithoutFolder,
    LostWorkerError,
    TerminatedError,
    interruption_callbacks,
    lost_workers_explained,
)
from darts_tf.distribution.workers import Workers
from darts_tf.errors import UserError
from darts_tf.runs.run_folder import RunFolder


@pytest.fixture
def workers():
    return Workers(tf.distribute.get_strategy())


@pytest.fixture
def of_the_user():
    """What SIGTERM does in the program that a run is a part of."""

    def handle(*_):
        raise AssertionError("It was left alone.")

    before = signal.signal(signal.SIGTERM, handle)
    yield handle
    signal.signal(signal.SIGTERM, before)


def test_sigterm_ends_after_the_step(workers, of_the_user):
    callback = EndAfterSignal(workers)
    callback.on_train_begin()
    try:
        callback.on_train_batch_end(0)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(TerminatedError, match="last checkpoint is kept") as error:
            callback.on_train_batch_end(1)
        assert error.value.exit_code == 143
    finally:
        callback.on_train_end()
    assert signal.getsignal(signal.SIGTERM) is of_the_user


def test_an_error_in_the_training_ends_what_watches_it(workers, of_the_user):
    workers.count = 2
    before = threading.active_count()
    with (
        pytest.raises(ZeroDivisionError),
        interruption_callbacks(workers, 1e9) as callbacks,
    ):
        for callback in callbacks:
            callback.on_train_begin()
        assert signal.getsignal(signal.SIGTERM) is not of_the_user
        assert threading.active_count() == before + 1
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGTERM) is of_the_user
    deadline = time.monotonic() + 60
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_run_ends_with_its_folder(tmp_path):
    folder = RunFolder(tmp_path / "run", "test.run")
    callback = EndWithoutFolder(folder)
    with folder.claimed({}):
        callback.on_train_batch_end(0)
        callback.on_epoch_end(0)
        shutil.rmtree(folder.path)
        for passes in (callback.on_train_batch_end, callback.on_epoch_end):
            with pytest.raises(UserError, match="removed or replaced"):
                passes(0)
    assert not folder.path.exists()


def test_a_lost_worker_is_one_line():
    message = "{{node Collective}} Connection refused\nmore of it"
    with pytest.raises(LostWorkerError) as error, lost_workers_explained():
        raise tf.errors.UnavailableError(None, None, message)
    assert "(Connection refused)" in str(error.value)
    assert "\n" not in str(error.value) and error.value.exit_code == 138


def test_other_errors_stay():
    with pytest.raises(tf.errors.ResourceExhaustedError), lost_workers_explained():
        raise tf.errors.ResourceExhaustedError(None, None, "no memory")


def test_a_single_process_watches_for_signals_only(workers):
    with interruption_callbacks(workers, 1) as (callback,):
        assert isinstance(callback, EndAfterSignal)
