import os
import signal
import subprocess
import sys
import time

from darts_tf.child_process import end_processes, start_module

# Begins a process that sleeps, prints its number and waits.
_CALLER = """
import pathlib, sys, time
from darts_tf.child_process import start_module
log = pathlib.Path(sys.argv[1])
print(start_module("tests.protocol.toy_part", sys.argv[2:], log).pid, flush=True)
time.sleep(60)
"""


def toy(folder, seconds, **environment):
    arguments = [f"--output={folder / 'toy'}", f"--seconds={seconds}"]
    log = folder / "logs/toy.log"
    return start_module("tests.protocol.toy_part", arguments, log, environment)


def test_a_module_runs_with_its_arguments(tmp_path):
    assert toy(tmp_path, 0, TOY_SLOT="7").wait(60) == 0
    begin, end = (tmp_path / "toy/journal").read_text().splitlines()
    assert begin.endswith(" 7") and end == "end"
    assert (tmp_path / "logs/toy.log").read_text() == ""


def test_processes_are_ended(tmp_path):
    process = toy(tmp_path, 60)
    end_processes([process], patience=20)
    assert process.returncode == -signal.SIGTERM
    end_processes([process], patience=20)


def test_a_process_ends_with_the_one_that_began_it(tmp_path):
    arguments = [f"--output={tmp_path / 'toy'}", "--seconds=60"]
    caller = subprocess.Popen(
        [sys.executable, "-c", _CALLER, str(tmp_path / "log"), *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    number = int(caller.stdout.readline())
    assert is_there(number)
    caller.kill()
    caller.wait()
    deadline = time.monotonic() + 20
    while is_there(number):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_there(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
