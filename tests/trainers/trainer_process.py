"""Trainers in processes of their own, and what they leave behind."""

import csv
import multiprocessing
import os
import pathlib
import runpy
import signal
import subprocess
import sys
import tempfile
import time

import tensorflow as tf

_MEASURED = ("seconds", "peak_memory_gb", "images_per_second")

# Processes are forked from one that has loaded these modules and done nothing else.
# These trainers load what all others do, but not where they are no part of a test.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        *(f"trainers.{name}" for name in ("baseline", "compare", "protocol", "export")),
        "keras",
        "tensorflow",
    ]
)


def run(trainer, *arguments, before=None):
    """Runs a module of `trainers` in a process of its own, as `python -m` does.

    Unlike there, what it imports is loaded when it starts, which takes seconds
    otherwise.

    Args:
        trainer: The module.
        *arguments: Of the command line.
        before: Function that the process calls first, or `None`.

    Returns:
        `subprocess.CompletedProcess`.
    """
    with tempfile.TemporaryDirectory() as folder:
        process = start(folder, trainer, *arguments, before=before)
        process.join()
        texts = [output.read_text("utf-8") for output in _outputs(folder)]
    return subprocess.CompletedProcess(arguments, process.exitcode, *texts)


def start(folder, trainer, *arguments, before=None):
    """As `run`, but returns the `multiprocessing.Process` while it runs.

    What it prints is in the files `stdout` and `stderr` of the folder.
    """
    process = PROCESSES.Process(
        target=_run_module,
        args=(trainer.__name__, list(map(str, arguments)), _outputs(folder), before),
    )
    process.start()
    return process


def _outputs(folder):
    return [pathlib.Path(folder, name) for name in ("stdout", "stderr")]


def _run_module(name, arguments, outputs, before):
    for descriptor, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    if before:
        before()
    sys.argv[1:] = arguments
    # As where nothing was loaded before.
    sys.modules.pop(name, None)
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def kill_when(ready, trainer, *arguments, delay=0):
    """Starts a trainer and kills it `delay` seconds after `ready()`."""
    process = subprocess.Popen(
        [sys.executable, "-m", trainer.__name__, *map(str, arguments)],
        # Resolved, because Bazel runs a test through links into the source tree.
        cwd=pathlib.Path(trainer.__file__).resolve().parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 200
    while not ready():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.002)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()


def files(folder):
    """Paths of all files of a run, without those named after the time."""
    paths = (path for path in folder.rglob("*") if "events" not in path.name)
    return {str(path.relative_to(folder)) for path in paths}


def variables(folder, epoch):
    """Reads every tensor of a checkpoint, by name."""
    prefix = folder / "checkpoints" / f"epoch_{epoch:04d}"
    reader = tf.train.load_checkpoint(str(prefix))
    names = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in names if "OBJECT" not in name}


def metrics(folder):
    """Reads the metrics of a run, without those of the machine."""
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{k: v for k, v in row.items() if k not in _MEASURED} for row in rows]
