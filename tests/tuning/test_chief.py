"""A chief and its workers as processes of their own, one of which is killed."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import pytest

from tests.build_files import ROOT
from tests.rivals.small_spaces import EDGES, toy_score
from tests.tuning.toy_worker import TRIALS

_PROGRAM = [sys.executable, "-m", "tests.tuning.toy_worker"]


@pytest.fixture
def start(tmp_path):
    """Function that starts a process by its name; all that are left are killed."""
    with socket.socket() as free, contextlib.ExitStack() as stack:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

        def start_one(name):
            environment = {
                **os.environ,
                "KERASTUNER_TUNER_ID": name,
                "KERASTUNER_ORACLE_IP": "127.0.0.1",
                "KERASTUNER_ORACLE_PORT": port,
            }
            process = subprocess.Popen(
                [*_PROGRAM, str(tmp_path)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.kill)
            return process

        free.close()
        yield start_one


def lent(folder, name):
    """Returns the trials that a worker has been lent, in order."""
    with contextlib.suppress(FileNotFoundError):
        lines = (folder / f"{name}.log").read_text().splitlines()
        return [line.split()[1] for line in lines if line.startswith("lent")]
    return []


@pytest.mark.long
def test_a_worker_is_killed_and_another_one_is_late(start, tmp_path):
    chief = start("chief")
    doomed, slow = start("doomed"), start("slow")
    while len(lent(tmp_path, "doomed")) < 2 or len(lent(tmp_path, "slow")) < 2:
        assert all(process.poll() is None for process in (chief, doomed, slow))
        time.sleep(0.1)
    doomed.kill()
    quick = start("quick")
    printed = json.loads(chief.communicate(timeout=600)[0].splitlines()[-1])
    assert [p.wait(timeout=60) for p in (chief, quick, slow)] == [0, 0, 0]
    lost = [lent(tmp_path, name)[1] for name in ("doomed", "slow")]
    assert lost[0] in lent(tmp_path, "quick") + lent(tmp_path, "slow")
    assert lost[1] in lent(tmp_path, "quick")
    assert sorted(printed["ended"]) == [f"{number:02}" for number in range(TRIALS)]
    state = json.loads((tmp_path / "search" / "oracle.json").read_text())
    told = state["strategy"]["trials"]
    assert [score for _, score in told] == [
        printed["scores"][name] for name in printed["ended"]
    ]
    assert all(score == toy_score(EDGES.decode(options)) for options, score in told)
    assert [state["leases"][trial] for trial in lost] == [2, 2]
