"""The binary as a user runs it, in a process of its own."""

import pytest

from benchmarks import rivals
from tests.spaces.small_table import write_nasbench201
from tests.trainers import trainer_process


@pytest.mark.long
def test_the_command(tmp_path):
    result = trainer_process.run(
        rivals,
        f"--table={write_nasbench201(tmp_path / 'table.npz')}",
        "--seeds=12",
        "--evaluations=20",
        "--strategies=random,local",
        f"--figure={tmp_path / 'figure.svg'}",
    )
    assert result.returncode == 0, result.stderr
    assert "12 searches of each" in result.stdout
    assert len(result.stdout.splitlines()) == 3 + 1 + 2 + 3
    assert (tmp_path / "figure.svg").exists()
    result = trainer_process.run(rivals, f"--table={tmp_path / 'none.npz'}")
    assert result.returncode == 1 and result.stderr.count("\n") == 1
    assert "none.npz" in result.stderr
