"""An exported step, and what JAX makes of it, in processes of their own.

`DARTS_TF_JAX` names the interpreter that has JAX; default is that of the tests.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import export_step
from benchmarks.gpu_step.counts import compiled
from benchmarks.gpu_step.run_exported import ExportedStep
from benchmarks.gpu_step.runs import H100
from tests.trainers import trainer_process

SMALL = ("--layers=1", "--nodes=1", "--init_channels=2", "--image_size=8")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "step"
    result = trainer_process.run(export_step, folder, *SMALL, "--batch_size=4")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def jax_python():
    python = os.environ.get("DARTS_TF_JAX", sys.executable)
    found = subprocess.run([python, "-c", "import jax"], capture_output=True)
    message = f"JAX not found: DARTS_TF_JAX should name its interpreter, not {python}"
    if found.returncode and "DARTS_TF_JAX" in os.environ:
        pytest.fail(message)
    if found.returncode:
        pytest.skip(message)
    return python


def test_all_that_a_step_moves_is_exported(exported):
    step = ExportedStep(exported)
    described = json.loads((exported / "step.json").read_text())
    assert described["step"]["order"] == "first"
    inputs = dict(zip(described["inputs"], step.inputs, strict=True))
    outputs = dict(zip(described["outputs"], step.outputs, strict=True))
    before = {name.partition(" ")[2]: x for name, x in inputs.items()}
    after = {name.partition(" ")[2]: x for name, x in outputs.items()}
    alphas = {name for name in before if "alpha_reduce" in name}
    kernels = {name for name in before if "kernel" in name}
    # Each with its moments, or its momentum.
    assert len(alphas) == 3 and len(kernels) > 6
    for name in (*alphas, *kernels):
        assert not np.array_equal(before[name], after[name]), name
    assert after["loss/total"] == outputs["loss"] > 1


def test_jax_computes_the_same(exported, jax_python, tmp_path):
    results = tmp_path / "results.json"
    command = [jax_python, exported, "--platform=cpu", f"--output={results}"]
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    subprocess.run(command, check=True, env=environment)
    found = json.loads(results.read_text())
    described = json.loads((exported / "step.json").read_text())
    assert [*found["differences"]] == described["outputs"]
    assert max(found["differences"].values()) < 1e-4
    assert found["largest_difference"] == max(found["differences"].values())


@pytest.mark.long
def test_xla_compiles_for_a_gpu_that_is_not_there(exported, jax_python):
    counts = compiled(exported, jax_python, H100)
    assert 100 < counts["launches"] < 1000 and counts["bytes"] > 1e5
