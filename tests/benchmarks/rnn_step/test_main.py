"""The binary as a user runs it, in a process of its own."""

import json

import pytest

from benchmarks import rnn_step
from tests.trainers import trainer_process

SMALL = ("--nodes=2", "--vocabulary=50", "--batch_size=4", "--length=6", "--steps=2")


def run(*arguments):
    return trainer_process.run(rnn_step, *SMALL, *arguments)


def products_in(result):
    flops = result["by_type"]["flops"]
    return sum(count for name, count in flops.items() if "MatMul" in name)


@pytest.mark.long
def test_compares_a_step_with_its_matrix_products(tmp_path):
    output = tmp_path / "results.json"
    forms = "--forms=products,default"
    result = run(forms, "--orders=first", "--units=8", f"--output={output}")
    assert result.returncode == 0, result.stderr
    assert "in times of its matrix products alone" in result.stdout
    products, default = json.loads(output.read_text())["results"]
    assert len(products["step"]) == len(default["step"]) == 2
    assert default["traces"] == 1
    assert products_in(products) == products_in(default) > 0


def test_bad_input():
    result = run("--forms=plain")
    assert result.returncode == 1 and "flag --forms" in result.stderr
    assert "Traceback" not in result.stderr
