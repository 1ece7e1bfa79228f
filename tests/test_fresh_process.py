import os
import pathlib
import threading
import time

import pytest

from darts_tf.errors import UserError
from darts_tf.fresh_process import FreshProcesses
from tests import called_functions
from tests.trainers.trainer_process import PROCESSES


@pytest.fixture
def processes():
    with FreshProcesses(uses_keras=False) as found:
        yield found


def test_each_call_has_a_process_of_its_own(processes):
    found = [
        processes.call(called_functions.process_of, {"variable": "A_DEVICE"}, more)
        for more in ({"A_DEVICE": "1"}, None)
    ]
    assert [x["value"] for x in found] == ["1", None]
    assert len({os.getpid(), *(x["process"] for x in found)}) == 3
    assert processes.call(called_functions.Trials.double, {"number": 4}) == 8


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (called_functions.refuse, {"reason": "`layers`=9: too many"}, "^`layers`=9"),
        (called_functions.fail, {}, "^Trial 3 ended without a result.* code 1"),
        (called_functions.kill_itself, {}, "^Trial 3 was ended by SIGKILL.* memory"),
    ],
)
def test_errors_are_one_line(processes, function, arguments, message, capfd):
    with pytest.raises(UserError, match=message) as error:
        processes.call(function, arguments, name="Trial 3")
    assert "\n" not in str(error.value)
    says_where = "called_functions.py" in capfd.readouterr().err
    assert says_where == (function is called_functions.fail)


def test_those_that_run_end_with_the_search(tmp_path):
    errors = []

    def call():
        try:
            processes.call(called_functions.wait, {"path": str(tmp_path / "begun")})
        except UserError as error:
            errors.append(str(error))

    with FreshProcesses(uses_keras=False) as processes:
        thread = threading.Thread(target=call)
        thread.start()
        process = begun(tmp_path / "begun")
    thread.join(30)
    assert "SIGKILL" in errors[0] and has_ended(process)
    with pytest.raises(UserError, match="has ended"):
        processes.call(called_functions.process_of, {"variable": "A"})


def test_those_of_a_killed_search_end_with_it(tmp_path):
    path = str(tmp_path / "begun")
    search = PROCESSES.Process(target=called_functions.call_and_wait, args=(path,))
    search.start()
    process = begun(tmp_path / "begun")
    search.kill()
    search.join()
    deadline = time.monotonic() + 30
    while not has_ended(process):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def begun(path):
    """Waits for the file of a process that has begun; returns its number."""
    deadline = time.monotonic() + 60
    while not path.exists() or not path.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(path.read_text())


def has_ended(process):
    """Whether a process is gone, or only waits to be forgotten by its parent."""
    status = pathlib.Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
