import socket

import pytest

from darts_tf.errors import UserError
from darts_tf.trials.tuner_environment import TunerProcess, find_tuner_process

NAMES = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")


@pytest.fixture
def environment(monkeypatch):
    """Function that sets the variables, in their order; `None` for none."""

    def set_all(*values):
        for name, value in zip(NAMES, values, strict=True):
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)

    return set_all


def test_without_variables_a_process_is_alone(environment):
    environment(None, None, None)
    assert find_tuner_process() is None
    environment("", "", "")
    assert find_tuner_process() is None


@pytest.mark.parametrize(
    ("name", "is_chief"), [("chief", True), ("my_chief_0", True), ("worker_0", False)]
)
def test_the_place_of_a_process(environment, name, is_chief):
    environment(name, "10.0.0.1", "8000")
    found = find_tuner_process()
    assert found == TunerProcess(name, "10.0.0.1", 8000)
    assert found.is_chief is is_chief and found.address == "10.0.0.1:8000"


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (("chief", None, None), "KERASTUNER_ORACLE_IP and KERASTUNER_ORACLE_PORT"),
        ((None, "10.0.0.1", "8000"), "KERASTUNER_TUNER_ID"),
        (("chief", "", "8000"), "KERASTUNER_ORACLE_IP"),
    ],
)
def test_some_of_the_variables_are_refused(environment, values, missing):
    environment(*values)
    with pytest.raises(UserError, match=f"^The environment lacks {missing}: "):
        find_tuner_process()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8e3", "²"])
def test_what_is_no_port_is_refused(environment, port):
    environment("chief", "10.0.0.1", port)
    with pytest.raises(UserError, match=f"^KERASTUNER_ORACLE_PORT={port}: expected"):
        find_tuner_process()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_taken_port(host):
    with socket.create_server((host, 0)) as taken:
        process = TunerProcess("chief", host, taken.getsockname()[1])
        with pytest.raises(UserError, match=r"cannot listen at .*already in use"):
            process.check_port()
    process.check_port()
    process.check_port()  # it has not been kept


@pytest.mark.parametrize("host", ["192.0.2.1", "no host"])
def test_an_address_of_another_machine(host):
    with pytest.raises(UserError, match=r"cannot listen at .*KERASTUNER_ORACLE_IP"):
        TunerProcess("chief", host, 8000).check_port()
