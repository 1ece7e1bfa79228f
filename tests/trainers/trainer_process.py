"""Trainers in processes of their own, and what they leave behind."""

import csv
import pathlib
import signal
import subprocess
import sys
import time

import tensorflow as tf

_MEASURED = ("seconds", "peak_memory_gb", "images_per_second")


def run(trainer, *arguments, **options):
    """Runs a module of `trainers` as a user does; returns the finished process."""
    return subprocess.run(
        _command(trainer, arguments),
        cwd=_root(trainer),
        capture_output=True,
        text=True,
        **options,
    )


def kill_when(ready, trainer, *arguments, delay=0):
    """Starts a trainer and kills it `delay` seconds after `ready()`."""
    process = subprocess.Popen(
        _command(trainer, arguments),
        cwd=_root(trainer),
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


def _command(trainer, arguments):
    return [sys.executable, "-m", trainer.__name__, *map(str, arguments)]


def _root(trainer):
    # Resolved, because Bazel runs a test through links into the source tree.
    return pathlib.Path(trainer.__file__).resolve().parents[1]


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
