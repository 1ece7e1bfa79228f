"""Runs that a signal ends, at a time counted from when they claim their folder."""

import dataclasses
import functools
import os
import signal
import sys
import time
from pathlib import Path

from tests.trainers import trainer_process

_LONGEST = 120


@dataclasses.dataclass(frozen=True)
class Lengths:
    """How long a run took that nothing interrupted, in seconds.

    Attributes:
        whole: From its first file, the lock of its folder, to its end.
        first_epoch: From there to the checkpoint of its first epoch.
    """

    whole: float
    first_epoch: float


@dataclasses.dataclass(frozen=True)
class Fall:
    """How a run was ended.

    Attributes:
        signal: What was sent.
        seconds: Time since its first file.
        file: What it wrote last, or "ended before".
        exit_code: Negative for a signal.
        errors: What it printed to standard error.
    """

    signal: signal.Signals
    seconds: float
    file: str
    exit_code: int
    errors: str

    @property
    def fell(self):
        """Whether the signal came before the end of the run."""
        return self.exit_code != 0

    def __str__(self):
        return f"{self.signal.name} at {self.seconds:.2f} s: {self.file}"


class WatchedRun:
    """A run in a process of its own, from its first file.

    Args:
        logs: Folder for what it prints.
        trainer: Module of `trainers`.
        folder: The run's folder.
        *arguments: Of the command line, beside `--output`.
    """

    def __init__(self, logs, trainer, folder, *arguments):
        logs.mkdir(parents=True, exist_ok=True)
        (logs / "stderr").write_text("")
        self.folder, self._logs = folder, logs
        claimed = logs / "claimed"
        claimed.unlink(missing_ok=True)
        self._process = trainer_process.start(
            logs,
            trainer,
            *arguments,
            f"--output={folder}",
            before=functools.partial(_mark_claim, claimed),
        )
        self.wait_until(claimed.exists)
        self.start = time.monotonic()

    @property
    def exit_code(self):
        return self._process.exitcode

    @property
    def errors(self):
        return (self._logs / "stderr").read_text()

    def wait_until(self, ready):
        """Waits for a moment, or for the end of the process."""
        deadline = time.monotonic() + _LONGEST
        while self._process.is_alive() and not ready():
            assert time.monotonic() < deadline, self.errors
            time.sleep(0.002)

    def seconds(self):
        """Time since the first file."""
        return time.monotonic() - self.start

    def end(self):
        """Waits for the end; returns the exit code."""
        self.wait_until(lambda: False)
        self._process.join()
        return self.exit_code

    def send(self, number, after):
        """Sends a signal some seconds after the first file; returns the `Fall`."""
        self.wait_until(lambda: self.seconds() >= after)
        seconds = self.seconds()
        if self._process.is_alive():
            os.kill(self._process.pid, number)
            self.end()
        file = _written_last(self.folder) if self.exit_code else "ended before"
        return Fall(number, seconds, file, self.exit_code, self.errors)


def measure(run):
    """Waits for the end of a `WatchedRun`; returns its `Lengths`."""
    run.wait_until((run.folder / "checkpoints" / "epoch_0001.index").exists)
    first_epoch = run.seconds()
    assert run.end() == 0, run.errors
    return Lengths(run.seconds(), first_epoch)


def _mark_claim(path):
    """Makes a file when this process locks its first one, also where that was there."""

    def on_event(event, arguments):
        if event == "fcntl.flock":
            path.touch()

    sys.addaudithook(on_event)


def _written_last(folder):
    """The file that was written last, and how long ago, as text."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    if not paths:
        return "no file yet"
    last = max(paths, key=lambda path: path.stat().st_mtime_ns)
    name = str(last.relative_to(folder))
    if "events" in name:
        name = f"{Path(name).parent}/events"
    return f"{name}, {len(paths)} files"
