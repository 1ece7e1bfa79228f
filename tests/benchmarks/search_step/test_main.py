"""The binary as a user runs it, in a process of its own."""

import json

import numpy as np
import pytest

from benchmarks import search_step
from tests.trainers import trainer_process

SMALL = ("--layers=1", "--nodes=1", "--init_channels=2", "--image_size=8", "--steps=2")


def run(*arguments):
    return trainer_process.run(search_step, *SMALL, *arguments)


@pytest.mark.long
def test_compares_forms(tmp_path):
    output = tmp_path / "out" / "results.json"
    result = run("--forms=plain,default", "--orders=first", f"--output={output}")
    assert result.returncode == 0, result.stderr
    assert "first order, in steps of the plain form" in result.stdout
    assert "the machine's limit" in result.stdout
    content = json.loads(output.read_text())
    plain, default = content["results"]
    assert content["machine"]["gb_per_second"] > 0.1
    np.testing.assert_allclose(plain["losses"], default["losses"], rtol=1e-4)
    for measured in (plain, default):
        assert len(measured["step"]) == 2 and measured["traces"] == 1
        assert 0 < measured["trace"] < measured["first_result"]
        assert 0.1 < measured["peak_memory"] < 20
        assert measured["operations"] < measured["nodes"]
        assert measured["bytes"] > 1e6 and measured["flops"] > 1e6
    assert default["nodes"] < plain["nodes"]


def test_what_fails_is_left_out(tmp_path):
    result = run(
        "--forms=default", "--orders=first", "--batch_size=65536", "--image_size=1024"
    )
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "default, first: left out" in result.stdout
    assert "Nothing could be measured" in result.stderr


def test_bad_input():
    result = run("--forms=fancy")
    assert result.returncode == 1 and "flag --forms" in result.stderr
    assert "Traceback" not in result.stderr
