"""A run on several machines is the same run as on one device."""

import os
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from darts_tf.distribution.cluster import make_strategy
from darts_tf.distribution.interruption import LostWorkerError, Watchdog
from darts_tf.distribution.workers import Workers
from tests.distribution import recurrent_replica_steps, replica_steps
from tests.trainers.tf_configs import tf_configs
from tests.trainers.trainer_process import PROCESSES

# What runs, on how many devices of each worker.
RUNS = {
    "images, 1": (replica_steps.run, 1),
    "images, 2": (replica_steps.run, 2),
    "texts, 2": (recurrent_replica_steps.run, 2),
    "trained texts, 2": (recurrent_replica_steps.run, 2),
}
CASES = {
    "images, 1": {
        "exact": {"method": ("second", "exact"), "steps": 2},
        # In the last batch of 11 images the second worker has none.
        "training": {"method": None, "steps": 2, "valid": 11},
    },
    "images, 2": {
        "first": {"method": ("first", "exact"), "steps": 2, "eigenvalue": True}
    },
    "texts, 2": {"first": {"method": ("first", "exact")}},
    "trained texts, 2": {"training": {"method": None}},
}
LIMIT = 2


def start_workers(folders, devices, cases, callbacks=((), ()), run=replica_steps.run):
    """Starts two workers, which leave their results in two folders."""
    processes = [
        PROCESSES.Process(
            target=replica_steps.run_as_worker,
            args=(config, folder, devices, cases, more, run),
        )
        for config, folder, more in zip(tf_configs(2), folders, callbacks)
    ]
    for process in processes:
        process.start()
    return processes


def run_alone(run, devices, case):
    """Computes on one device what two workers with so many each compute."""
    if run is recurrent_replica_steps.run and case["method"]:
        # The cell of a search normalizes over the texts of each device.
        return run(**case, parts=2 * devices)
    return run(**case)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("images, 1", marks=pytest.mark.long),
        pytest.param("images, 2", marks=pytest.mark.long),
        "texts, 2",
        pytest.param("trained texts, 2", marks=pytest.mark.long),
    ],
)
def test_workers_equal_one_device(
    name, float64_module, tmp_path_factory, record_property
):
    (run, devices), cases = RUNS[name], CASES[name]
    folders = [tmp_path_factory.mktemp("worker") for _ in range(2)]
    for process in start_workers(folders, devices, cases, run=run):
        process.join(120)
        process.kill()
    for name, case in cases.items():
        expected = run_alone(run, devices, case)
        found, other = (dict(np.load(folder / f"{name}.npz")) for folder in folders)
        for key in found:
            np.testing.assert_array_equal(found[key], other[key])
        error = replica_steps.largest_error(found, expected)
        record_property(f"largest relative error, {name}", f"{error:.1e}")
        assert error <= 1e-9


class Hang(keras.callbacks.Callback):
    """Goes on to live, but not with the next step."""

    def on_train_batch_end(self, batch, logs=None):
        time.sleep(60)


def test_a_worker_that_hangs(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("worker") for _ in range(2)]
    cases = {"first": {"method": ("first", "exact"), "sync_batch_norm": False}}
    callbacks = [Watchdog(LIMIT)], [Hang()]
    waiting, hanging = start_workers(folders, 1, cases, callbacks)
    waiting.join(60)
    assert waiting.exitcode == LostWorkerError.exit_code
    assert hanging.exitcode is None
    hanging.kill()
    *_, last = (folders[0] / "stderr").read_text().strip().splitlines()
    assert f"no step ended in {LIMIT} s" in last and "same commands continue" in last


def leave_late(tf_config, folder, delay):
    """Needs no other worker after a while; notes then and when it leaves who does."""
    os.environ["TF_CONFIG"] = tf_config
    workers = Workers(make_strategy(1))
    workers.any(False)
    time.sleep(delay)
    Path(folder, f"ready {workers.index}").touch()
    workers.leave()
    ready = sorted(path.name for path in Path(folder).glob("ready *"))
    Path(folder, f"left {workers.index}").write_text(", ".join(ready))


@pytest.mark.long
def test_none_leaves_before_all_may(tmp_path):
    processes = [
        PROCESSES.Process(target=leave_late, args=(config, tmp_path, delay))
        for config, delay in zip(tf_configs(2), (0, 2))
    ]
    for process in processes:
        process.start()
    for index, process in enumerate(processes):
        process.join(60)
        assert process.exitcode == 0
        assert (tmp_path / f"left {index}").read_text() == "ready 0, ready 1"
