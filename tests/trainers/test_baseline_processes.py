"""A search by trials as a user starts it on several machines; some processes die."""

import functools
import os
import socket
import time

import pytest

from tests.trainers import trainer_process
from tests.trainers.test_baseline import SMALL, history
from trainers import baseline

# In seconds.
WORKER_TIMEOUT, PATIENCE = 8, 300


@pytest.fixture
def start(tmp_path):
    """Function that starts a process by its name; none of them outlives the test."""
    started = []
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])

    def start_one(name, *flags):
        folder = tmp_path / f"{len(started)}_{name}"
        folder.mkdir()
        started.append(
            trainer_process.start(
                folder,
                baseline,
                *SMALL,
                f"--output={tmp_path / 'run'}",
                *flags,
                before=functools.partial(set_variables, name, port),
            )
        )
        started[-1].folder = folder
        return started[-1]

    yield start_one
    for process in started:
        process.kill()


def set_variables(name, port):
    names = ("KERASTUNER_TUNER_ID", "KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT")
    os.environ |= dict(zip(names, (name, "127.0.0.1", port)))


def printed(process, name="stdout"):
    return (process.folder / name).read_text()


def wait_for(folder, event, count, *processes):
    """Waits until a log has so many lines of a kind of event."""
    deadline = time.monotonic() + PATIENCE
    while not (folder / "trials.jsonl").exists() or (
        sum(event in x for x in history(folder)) < count
    ):
        assert all(process.is_alive() for process in processes)
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ends_well(process):
    process.join(PATIENCE)
    assert process.exitcode == 0, printed(process, "stderr")
    assert "Traceback" not in printed(process, "stderr")


@pytest.mark.long
def test_a_worker_is_killed_while_it_holds_a_trial(start, tmp_path):
    flags = ("--method=random", "--budget=5", f"--worker_timeout={WORKER_TIMEOUT}")
    chief = start("chief", *flags)
    # It waits for a chief that is not there yet, and reads the data, with patience.
    patient = (*flags, f"--worker_timeout={PATIENCE}")
    workers = [start(name, *patient) for name in ("doomed", "steady")]
    wait_for(tmp_path / "run", "asked", 2, chief, *workers)
    assert not any("told" in event for event in history(tmp_path / "run"))
    workers[0].kill()
    for process in (chief, workers[1]):
        ends_well(process)
    for name in ("asked", "told"):
        events = [x[name] for x in history(tmp_path / "run") if name in x]
        assert sorted(events) == [1, 2, 3, 4, 5]
    lines = printed(chief)
    print(lines, printed(workers[1]), sep="\n")
    assert "goes to steady.1: doomed.1 was silent for 8 s" in lines
    assert lines.count("validation accuracy") == 5 and "the best of 5" in lines
    assert printed(workers[1]).endswith("The search has ended.\n")


@pytest.mark.long
def test_a_chief_is_killed_and_its_worker_goes_on(start, tmp_path):
    flags = (*SMALL, "--budget=2", f"--output={tmp_path / 'alone'}")
    alone = trainer_process.run(baseline, *flags)
    assert alone.returncode == 0, alone.stderr
    chief, worker = (start(name, "--budget=2") for name in ("chief", "worker"))
    wait_for(tmp_path / "run", "asked", 2, chief, worker)
    chief.kill()
    chief.join()
    again = start("chief", "--budget=2")
    for process in (again, worker):
        ends_well(process)
    assert "Continuing after 1 trials" in printed(again)
    assert history(tmp_path / "run") == history(tmp_path / "alone")
    for name in ("genotype_best.json", "results.json"):
        assert (tmp_path / "run" / name).exists()


@pytest.mark.long
def test_bad_surroundings_are_one_line(start, tmp_path):
    worker = start("worker", "--worker_timeout=1")
    worker.join(PATIENCE)
    assert worker.exitcode == 1
    line = printed(worker, "stderr").splitlines()[-1]
    assert line.startswith("trainers.baseline: The chief at 127.0.0.1:")
    assert not (tmp_path / "run").exists()
