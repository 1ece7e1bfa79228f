"""The names in `darts_tf.keras_tuner_private`, and what they mean to KerasTuner."""

import concurrent.futures
import json
import socket
import threading

import keras_tuner
import pytest
import tensorflow as tf
from keras_tuner.src.engine.oracle import LOCKS, THREADS

from darts_tf.errors import UserError
from darts_tf.keras_tuner_private import (
    PatientClient,
    WholeFilesOracle,
    copied,
    start_oracle_server,
    synchronized,
    trials_to_give_again,
)


class Oracle(WholeFilesOracle):
    """Its trials have no hyperparameters."""

    def __init__(self, folder, **arguments):
        super().__init__("val_loss", **arguments)
        self._set_project_dir(str(folder), "search")
        self.verbose = 0

    def populate_space(self, trial_id):
        return {"status": "RUNNING", "values": {}}

    @synchronized
    def outer(self, works):
        return self.inner(works)

    @synchronized
    def inner(self, works):
        assert LOCKS[self].locked()
        assert THREADS[self] == threading.current_thread().name
        if not works:
            raise OSError
        return works


def test_files_are_those_of_keras_tuner(tmp_path):
    oracle = Oracle(tmp_path)
    trial = oracle.create_trial("one")
    folder = tmp_path / "search"
    saved = json.loads((folder / f"trial_{trial.trial_id}" / "trial.json").read_text())
    assert saved == json.loads(json.dumps(trial.get_state()))
    state = json.loads((folder / "oracle.json").read_text())
    assert state == json.loads(json.dumps(oracle.get_state()))
    again = Oracle(tmp_path)
    again.reload()
    assert list(again.trials) == [trial.trial_id]
    files = {path.name for path in folder.rglob("*") if path.is_file()}
    assert files == {"oracle.json", "trial.json"}


def test_files_are_written_as_a_whole(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        "darts_tf.keras_tuner_private.write_atomically",
        lambda path, content: written.append(path),
    )
    oracle = Oracle(tmp_path)
    oracle.create_trial("one")
    assert [path.rpartition("/")[2] for path in written] == [
        "trial.json",
        "oracle.json",
    ]
    # KerasTuner can write to places that Python's files cannot.
    oracle._set_project_dir("ram://", "search")
    trial = oracle.create_trial("two")
    for name in ("oracle.json", f"trial_{trial.trial_id}/trial.json"):
        assert tf.io.gfile.exists(f"ram://search/{name}")
    assert len(written) == 2


def test_retry_queue(tmp_path):
    oracle = Oracle(tmp_path, max_trials=1)
    trial = oracle.create_trial("one")
    oracle.ongoing_trials.clear()
    assert oracle.create_trial("two").status == "STOPPED"
    trials_to_give_again(oracle).append(trial.trial_id)
    assert oracle.create_trial("two").trial_id == trial.trial_id
    assert trials_to_give_again(oracle) == []


def test_a_copy_shares_nothing(tmp_path):
    trial = Oracle(tmp_path).create_trial("one")
    other = copied(trial)
    other.hyperparameters.Int("number", 1, 2)
    other.metrics.register("val_loss")
    other.status = "COMPLETED"
    assert not trial.hyperparameters.values and not trial.metrics.exists("val_loss")
    assert (trial.status, trial.trial_id) == ("RUNNING", other.trial_id)


def test_synchronized(tmp_path):
    oracle = Oracle(tmp_path)
    for works in (True, False, True):
        if works:
            assert oracle.outer(works)
        else:
            with pytest.raises(OSError):
                oracle.outer(works)
        assert THREADS[oracle] is None and not LOCKS[oracle].locked()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(oracle.outer, True).result(5)


def test_keras_tuner_keeps_the_lock_after_an_error(tmp_path):
    """Else `synchronized` is not needed any more."""

    class Failing(Oracle):
        @keras_tuner.synchronized
        def fail(self):
            raise OSError

    oracle = Failing(tmp_path)
    with pytest.raises(OSError):
        oracle.fail()
    assert LOCKS[oracle].locked()


@pytest.fixture
def address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def pool():
    with concurrent.futures.ThreadPoolExecutor(4) as found:
        yield found


@pytest.fixture
def client(address):
    client = PatientClient(address, patience=60)
    yield client
    client.close()


def test_a_server_and_a_client(tmp_path, address, pool, client):
    oracle = Oracle(tmp_path, max_trials=1)
    server = start_oracle_server(oracle, address, pool)
    trial = client.create_trial("one")
    assert trial.trial_id in oracle.trials and client.get_space().values == {}
    assert client.get_trial(trial.trial_id).status == "RUNNING"
    client.update_trial(trial.trial_id, {"val_loss": 0.5})
    trial.status = "COMPLETED"
    client.end_trial(trial)
    assert oracle.end_order == [trial.trial_id]
    assert client.create_trial("one").status == "STOPPED"
    server.stop(None).wait()


def test_a_server_shares_no_port(tmp_path, address, pool):
    server = start_oracle_server(Oracle(tmp_path), address, pool)
    with pytest.raises(RuntimeError):
        start_oracle_server(Oracle(tmp_path), address, pool)
    server.stop(None).wait()


def test_a_client_outlasts_a_new_start(tmp_path, address, pool, client):
    oracle = Oracle(tmp_path)
    waiting = pool.submit(client.create_trial, "one")  # nobody is there yet
    server = start_oracle_server(oracle, address, pool)
    trial = waiting.result(30)
    server.stop(None).wait()
    waiting = pool.submit(client.get_trial, trial.trial_id)
    server = start_oracle_server(oracle, address, pool)
    assert waiting.result(30).trial_id == trial.trial_id
    server.stop(None).wait()


def test_a_client_that_loses_its_chief_meanwhile_asks_again(
    tmp_path, address, pool, client
):
    asked, goes_on = threading.Event(), threading.Event()

    class Slow(Oracle):
        def get_space(self):
            asked.set()
            goes_on.wait(30)
            return super().get_space()

    server = start_oracle_server(Slow(tmp_path), address, pool)
    waiting = pool.submit(client.get_space)
    assert asked.wait(30)
    server.stop(None).wait()
    goes_on.set()
    server = start_oracle_server(Oracle(tmp_path), address, pool)
    assert waiting.result(30).values == {}
    server.stop(None).wait()


def test_a_client_gives_up(tmp_path, address, pool):
    client = PatientClient(address, patience=0.1)
    with pytest.raises(UserError, match=rf"^The chief at {address} has not answered"):
        client.get_space()
    server = start_oracle_server(Oracle(tmp_path), address, pool)
    other = PatientClient(address, patience=60)
    with pytest.raises(UserError, match="has refused a message"):
        other.get_trial("none")
    server.stop(None).wait()
    client.close()
    other.close()
