"""The binary: what it refuses, and whole protocols of tiny sizes."""

import csv
import os
import signal
import time

import pytest

from tests.trainers.trainer_process import run, start
from trainers import protocol

_LONGEST = 600
TINY = (
    "--dataset=digits",
    "--method=darts",
    "--order=first",
    "--searches=2",
    "--trainings=2",
    "--progress=1",
    "--published=NASNet-A",
    "--part_settings=init_channels=2,batch_size=16,steps_per_epoch=3,"
    "validation_steps=2,layers=2,intra_op_threads=1",
    '--search_settings=nodes=1,epochs=2,"primitives=none,skip_connect,sep_conv_3x3"',
    "--brief_settings=epochs=1,auxiliary=no",
    "--training_settings=epochs=2,auxiliary=no",
)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method=nothing"], "--method=nothing: expected some of "),
        (
            ["--method=darts", "--training_settings=layers=0"],
            "trainings/darts-1: `layers`=0: expected an integer",
        ),
        (
            ["--method=darts", "--dataset=no_such"],
            "searches/darts-1: --dataset=no_such",
        ),
    ],
)
def test_bad_input_is_one_line_before_any_part(tmp_path, arguments, message):
    result = run(protocol, *arguments, f"--output={tmp_path / 'out'}")
    assert result.returncode == 1 and not result.stdout
    (line,) = result.stderr.splitlines()
    assert line.startswith("trainers.protocol: ") and message in line
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_a_protocol_that_is_killed_has_the_same_results(tmp_path):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    result = run(protocol, *TINY, f"--output={straight}")
    assert result.returncode == 0, result.stderr
    assert "trainings/darts-2: test error" in result.stdout
    process = start(tmp_path, protocol, *TINY, f"--output={killed}")
    deadline = time.monotonic() + _LONGEST
    # In the second training of the searches.
    while not (killed / "searches/darts-2/checkpoints/epoch_0001.index").exists():
        assert process.is_alive() and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    result = run(protocol, *TINY, f"--output={killed}")
    assert result.returncode == 0, result.stderr
    assert "searches/darts-1" not in result.stdout.partition("Networks")[0]
    assert figures(straight) == figures(killed)
    for name in ("brief/darts-1", "trainings/darts-2", "progress/NASNet-A"):
        assert losses(straight / name) == losses(killed / name)
    assert (killed / "report.html").exists()


def figures(folder):
    """The results but for times and places."""
    with open(folder / "results.csv", newline="") as file:
        rows = [*csv.DictReader(file)]
    left_out = ("search_device_hours", "search_gpu_days", "source")
    return [{k: x for k, x in row.items() if k not in left_out} for row in rows]


def losses(folder):
    with open(folder / "metrics.csv", newline="") as file:
        return [(row["loss"], row["val_loss"]) for row in csv.DictReader(file)]
