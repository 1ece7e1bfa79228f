"""Programs in processes of their own, which end where the process that began them ends.

A process that is killed cannot end those that it has begun: they would go on, and hold
what a later one needs.
"""

import contextlib
import ctypes
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_START = "from darts_tf import child_process; child_process.run_module()"
# Of `prctl` in Linux: the signal that a process gets when the one that began it ends.
_PARENT_DEATH_SIGNAL = 1


def start_module(
    module: str,
    arguments: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen:
    """Runs a module as `python -m` does, in a process of its own.

    It is out of reach of Ctrl-C, so that the caller decides when it ends.

    Args:
        module: Its name.
        arguments: Of the command line.
        log: File that gets what it prints, after what is there; its folder is made.
        environment: Variables beside those of this process.

    Returns:
        The process.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-c", _START, str(os.getpid()), module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )


def run_module() -> None:
    """Runs the module that the command line of a new process names."""
    parent, module = int(sys.argv[1]), sys.argv[2]
    _end_with(parent)
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with(parent: int) -> None:
    """Lets the system kill this process when its parent ends, where it can do so."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def end_processes(processes: Sequence[subprocess.Popen], patience: float) -> None:
    """Ends processes by SIGTERM, and those that do not listen by SIGKILL.

    Args:
        processes: The processes, some of which may have ended.
        patience: Seconds until SIGKILL.
    """
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + patience
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
