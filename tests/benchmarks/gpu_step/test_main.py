"""The binary as a user runs it, in a process of its own."""

import json

import pytest

from benchmarks import gpu_step
from tests.trainers import trainer_process

SMALL = ("--layers=1", "--nodes=1", "--init_channels=2", "--image_size=8")


@pytest.mark.long
def test_counts_where_there_is_no_gpu(tmp_path):
    output = tmp_path / "out" / "counts.json"
    arguments = (*SMALL, "--forms=edges", "--orders=first", f"--output={output}")
    result = trainer_process.run(gpu_step, *arguments)
    assert result.returncode == 0, result.stderr
    header, _, *rows = result.stdout.splitlines()[-4:]
    assert "with the layout pass" in header
    assert rows[0].startswith("| search | edges | first | kernels | float32 |")
    assert rows[1].startswith("| evaluation |  |  | kernels | float32 |")
    for counts in json.loads(output.read_text())["results"]:
        assert counts["launches"] < counts["traced"] < counts["with_layout_pass"]


def test_the_authors_code_needs_a_gpu(tmp_path):
    result = trainer_process.run(gpu_step, f"--authors={tmp_path}")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "--authors needs a GPU to measure on" in result.stderr
