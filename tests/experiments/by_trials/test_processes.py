import concurrent.futures
import socket
import threading
import types

import keras_tuner
import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.by_trials.processes import follow, lead
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from darts_tf.experiments.convolutional_baseline.experiment import ConvolutionalBaseline
from darts_tf.experiments.convolutional_baseline.table_trials import TableTrials
from darts_tf.keras_tuner_private import start_oracle_server
from darts_tf.tasks.configuration import configured
from darts_tf.trials import TrialHistory, TrialLog
from tests.spaces.small_table import write_nasbench201
from tests.trials import loopback

SETTINGS = {"budget": "12", "method": "local", "seed": 3, "worker_timeout": 30}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return write_nasbench201(tmp_path_factory.mktemp("table") / "table.npz")


def config_of(table, **settings):
    return configured(BaselineConfig(), table=table, **{**SETTINGS, **settings})


def trials_of(config):
    return TableTrials(config.open_table(), config)


@pytest.fixture
def led(table, tmp_path):
    """The place of a chief, and the numbers of the trials that it was told of."""
    config = config_of(table)
    strategy = config.make_strategy(config.checked_space())
    found = TrialHistory(strategy, TrialLog(tmp_path / "log"))
    numbers, place = [], loopback.free_place()
    recorder = types.SimpleNamespace(told=numbers.append)
    fingerprint = trials_of(config).describe()["fingerprint"]
    arguments = (place, config, found, recorder, fingerprint)
    thread = threading.Thread(target=lead, args=arguments)
    thread.start()
    worker = place._replace(name="worker")
    yield worker, numbers
    if len(numbers) < 12:
        join(worker, config)
    thread.join()


def join(process, config):
    follow(process, config, config.checked_space(), trials_of(config))


def test_a_worker_does_the_trials_of_its_chief(led, table, tmp_path, capsys):
    process, numbers = led
    join(process, config_of(table, workers=2, budget="5"))
    assert sorted(numbers) == [*range(1, 13)]
    assert capsys.readouterr().out.endswith("The search has ended.\n")


def test_one_worker_finds_what_one_process_finds(led, table, tmp_path):
    process, _ = led
    join(process, config_of(table))
    folder = ConvolutionalBaseline(config_of(table)).run(tmp_path / "alone")
    assert (folder / "trials.jsonl").read_bytes() == (tmp_path / "log").read_bytes()


def test_a_worker_of_other_settings_or_data_is_refused(led, table, tmp_path):
    process, numbers = led
    with pytest.raises(UserError, match=r"\(seed: 3 on the chief, 4 on worker\)"):
        join(process, config_of(table, seed=4))
    config, other = config_of(table), write_nasbench201(tmp_path / "other.npz")
    with open(other, "ab") as file:
        file.write(b"\0")
    trials = TableTrials(config.open_table(), config_of(other))
    with pytest.raises(UserError, match=r"\(checksum of the table: "):
        follow(process, config, config.checked_space(), trials)
    assert not numbers


def test_the_chief_of_another_program_is_refused(table):
    class OtherOracle:
        def get_space(self):
            return keras_tuner.HyperParameters()

    place = loopback.free_place("worker")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        server = start_oracle_server(OtherOracle(), place.address, pool)
        with pytest.raises(UserError, match=r"^The chief at .* does another search\.$"):
            join(place, config_of(table))
        server.stop(None).wait()


@pytest.fixture
def environment(monkeypatch):
    """Function that sets KerasTuner's variables."""

    def set_all(name, port):
        monkeypatch.setenv("KERASTUNER_TUNER_ID", name)
        monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
        monkeypatch.setenv("KERASTUNER_ORACLE_PORT", str(port))

    return set_all


def test_bad_surroundings_are_one_line(table, tmp_path, environment, monkeypatch):
    search = ConvolutionalBaseline(config_of(table, worker_timeout=1))
    path = tmp_path / "run"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment("chief", taken.getsockname()[1])
        with pytest.raises(UserError, match=r"^The chief cannot listen at .*in use"):
            search.run(path)
    environment("worker", loopback.free_place().port)
    with pytest.raises(UserError, match=r"^The chief at .* has not answered for 1 s"):
        search.run(path)
    monkeypatch.delenv("KERASTUNER_ORACLE_IP")
    with pytest.raises(UserError, match=r"lacks KERASTUNER_ORACLE_IP: "):
        search.run(path)
    assert not path.exists()


def test_a_finished_search_needs_no_workers(table, tmp_path, environment):
    search = ConvolutionalBaseline(config_of(table, budget="2"))
    folder = search.run(tmp_path / "run")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    environment("chief", loopback.free_place().port)
    assert search.run(folder) == folder
    assert before == {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
