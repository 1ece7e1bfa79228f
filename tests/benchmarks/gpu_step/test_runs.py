import dataclasses
import json

import pytest

from benchmarks.gpu_step import runs
from benchmarks.gpu_step.runs import AUTHORS, authors_steps, count, measure
from benchmarks.gpu_step.settings import GpuBenchmarkConfig
from darts_tf.errors import UserError


def test_what_the_authors_have_is_measured_once():
    config = GpuBenchmarkConfig(precisions=("float32", "mixed_float16"))
    steps = [(step.network, step.order) for step in authors_steps(config)]
    assert steps == [
        ("search", "first"),
        ("search", "finite_difference"),
        ("evaluation", None),
    ]
    assert {step.form for step in authors_steps(config)} == {AUTHORS}


def test_a_folder_without_the_authors_code_is_refused(tmp_path):
    config = GpuBenchmarkConfig(authors=tmp_path)
    with pytest.raises(UserError, match=r"has no model_search\.py; give"):
        measure(config)


def test_what_is_missing_is_said_before_work_starts(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho None\n")
    python.chmod(0o755)
    config = GpuBenchmarkConfig(aot=True, python=python)
    with pytest.raises(UserError, match=f"`aot` needs JAX, which {python} does not"):
        count(config)
    with pytest.raises(UserError, match=r"`python`=.*nowhere cannot be run"):
        count(dataclasses.replace(config, python=tmp_path / "nowhere"))
    config = GpuBenchmarkConfig(target=tmp_path / "gpu.txtpb")
    with pytest.raises(UserError, match=r"`target`=.*gpu.txtpb is no file"):
        count(config)


def test_what_fails_is_left_out(tmp_path, monkeypatch, capsys):
    def run(module, step, *_):
        if json.loads(step)["order"] == "exact":
            raise UserError("No memory is left.")
        return {"launches": 3, "bytes": 4}

    monkeypatch.setattr(runs, "run_module", run)
    output = tmp_path / "counts.json"
    config = GpuBenchmarkConfig(networks=("search",), forms=("edges",), output=output)
    table = count(config)
    assert "exact, kernels, float32: left out (No memory" in capsys.readouterr().out
    assert len(table.splitlines()) == 4
    first, second = json.loads(output.read_text())["results"]
    assert (first["order"], second["order"]) == ("first", "finite_difference")
    assert first["launches"] == 3
    with pytest.raises(UserError, match="Nothing could be measured"):
        count(dataclasses.replace(config, orders=("exact",)))
