"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import zero_cost
from tests.benchmarks.zero_cost.small_tables import SMALL, write_cells
from tests.trainers import trainer_process


@pytest.mark.long
def test_the_command(tmp_path):
    arguments = [f"--{name}={value}" for name, value in SMALL.items()]
    arguments += [
        f"--table={write_cells(tmp_path / 'table.npz')}",
        f"--log={tmp_path / 'log.csv'}",
        f"--figure={tmp_path / 'figure.svg'}",
    ]
    result = trainer_process.run(zero_cost, *arguments)
    assert result.returncode == 0, result.stderr
    assert "4 cells to score with 6 images of digits" in result.stdout
    assert (tmp_path / "figure.svg").exists()
    again = trainer_process.run(zero_cost, *arguments)
    assert "0 cells to score" in again.stdout
    assert again.stdout.splitlines()[1:] == result.stdout.splitlines()[2:]
    (tmp_path / "log.csv").write_text("a,b\n")
    result = trainer_process.run(zero_cost, *arguments)
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "--log" in result.stderr and "no log of this benchmark" in result.stderr
