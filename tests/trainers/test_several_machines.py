"""A search of several workers as a user runs it, killed, ended and continued."""

import functools
import os
import signal
import time

import numpy as np
import pytest

from tests.trainers import trainer_process
from tests.trainers.tf_configs import tf_configs
from tests.trainers.trainer_process import metrics, variables
from trainers import search

EPOCHS = 5
SMALL = (
    "--dataset=digits",
    "--order=first",
    "--layers=1",
    "--init_channels=2",
    "--nodes=1",
    "--batch_size=16",
    "--steps_per_epoch=2",
    f"--epochs={EPOCHS}",
    "--primitives=none,skip_connect,sep_conv_3x3",
)
LOST, TERMINATED = 138, 143


def set_tf_config(value):
    os.environ["TF_CONFIG"] = value


class Workers:
    """Two workers on this machine.

    Args:
        folder: Where each gets a folder for what it prints.
        *arguments: Of the command line; a list of two, where they differ.
    """

    def __init__(self, folder, *arguments):
        self.folders, self.processes = [], []
        for index, config in enumerate(tf_configs(2)):
            self.folders.append(folder / f"worker_{index}")
            self.folders[-1].mkdir(parents=True)
            own = [x[index] if isinstance(x, list) else x for x in arguments]
            before = functools.partial(set_tf_config, config)
            self.processes.append(
                trainer_process.start(self.folders[-1], search, *own, before=before)
            )

    def wait_for(self, path):
        deadline = time.monotonic() + 90
        while not path.exists():
            assert all(p.is_alive() for p in self.processes), self.errors()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def exit_codes(self, seconds):
        """Of both, once they have ended; within some seconds."""
        deadline = time.monotonic() + seconds
        for process in self.processes:
            process.join(max(0, deadline - time.monotonic()))
        return [process.exitcode for process in self.processes]

    def errors(self):
        return [(folder / "stderr").read_text() for folder in self.folders]

    def kill(self):
        for process in self.processes:
            process.kill()


@pytest.fixture
def start(tmp_path):
    """A function that starts `Workers`; none of them outlives the test."""
    started = []

    def start(*arguments):
        folder = tmp_path / f"start_{len(started)}"
        started.append(Workers(folder, *arguments))
        return started[-1]

    yield start
    for workers in started:
        workers.kill()


def last_line(text):
    assert "Traceback" not in text
    return text.strip().splitlines()[-1]


def test_killed_ended_and_continued(start, tmp_path):
    """Epochs of two devices, of four and of one, as those of one device."""
    folder = tmp_path / "run"
    arguments = (*SMALL, f"--output={folder}")
    workers = start(*arguments)
    workers.wait_for(folder / "checkpoints" / "epoch_0001.index")
    os.kill(workers.processes[1].pid, signal.SIGKILL)
    assert workers.exit_codes(30) == [LOST, -signal.SIGKILL]
    line = last_line(workers.errors()[0])
    assert "Another worker" in line and "same commands continue" in line

    workers = start(*arguments, "--logical_devices=2")
    workers.wait_for(folder / "checkpoints" / "epoch_0003.index")
    os.kill(workers.processes[1].pid, signal.SIGTERM)
    assert workers.exit_codes(30) == [TERMINATED, TERMINATED]
    assert all("Ended by SIGTERM" in last_line(text) for text in workers.errors())
    assert not (folder / "checkpoints" / f"epoch_000{EPOCHS}.index").exists()

    for output in (folder, tmp_path / "straight"):
        result = trainer_process.run(search, *SMALL, f"--output={output}")
        assert result.returncode == 0, result.stderr
    got, expected = (variables(f, EPOCHS) for f in (folder, tmp_path / "straight"))
    assert got.keys() == expected.keys()
    for name in got:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-3, atol=1e-5)
    for row, other in zip(metrics(folder), metrics(output), strict=True):
        values, expected = ([float(v) for v in r.values()] for r in (row, other))
        np.testing.assert_allclose(values, expected, rtol=1e-4)


def test_other_settings_are_refused(start, tmp_path):
    output = tmp_path / "run"
    differ = ["--logical_devices=1", "--logical_devices=2"]
    workers = start(*SMALL, f"--output={output}", ["--seed=1", "--seed=2"], differ)
    assert workers.exit_codes(60) == [1, 1]
    for text in workers.errors():
        line = last_line(text)
        assert "seed: 1 on worker 0, 2 on worker 1" in line
        assert "devices of all workers: 2 on worker 0, 4 on worker 1" in line
    assert not output.exists()
