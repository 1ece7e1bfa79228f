"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import latency
from tests.trainers import trainer_process


@pytest.mark.long
def test_the_command(tmp_path):
    arguments = [
        *("--layers=1", "--init_channels=2", "--nodes=1", "--image_size=8"),
        *("--primitives=sep_conv_3x3,sep_conv_5x5", "--repetitions=3", "--cells=2"),
        f"--output={tmp_path}/table.json",
        f"--log={tmp_path}/log.csv",
        f"--figure={tmp_path}/figure.svg",
    ]
    result = trainer_process.run(latency, *arguments)
    if "is uncertain" in result.stderr:
        pytest.skip("this machine does too much else to measure anything")
    assert result.returncode == 0, result.stderr
    assert "random 2: predicted " in result.stdout
    assert (tmp_path / "figure.svg").exists()
    log = (tmp_path / "log.csv").read_text()
    again = trainer_process.run(latency, *arguments[:-1], f"--figure={tmp_path}/b.svg")
    assert "random 2" not in again.stdout
    assert (tmp_path / "log.csv").read_text() == log
    assert again.stdout.splitlines()[-1] == result.stdout.splitlines()[-1]


def test_nothing_to_measure_is_refused(tmp_path):
    files = {name: f"--{name}={tmp_path / name}" for name in ("output", "log")}
    result = trainer_process.run(latency, "--cells=0", *files.values())
    assert result.returncode == 1
    assert "nothing to measure: give --cells" in result.stderr
    assert [*tmp_path.iterdir()] == []
