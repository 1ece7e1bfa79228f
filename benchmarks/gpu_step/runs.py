"""Measurements and counts of steps on a GPU, one process after the other."""

import dataclasses
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

from benchmarks.gpu_step import authors
from benchmarks.gpu_step.counts import compiled
from benchmarks.gpu_step.models import json_of_step
from benchmarks.gpu_step.settings import (
    EVALUATION,
    EXECUTIONS,
    FLOAT32,
    KERNELS,
    TENSOR_FLOAT_32,
    GpuStep,
)
from benchmarks.gpu_step.table import counted_table, measured_table
from benchmarks.search_step.runs import (
    check_measured,
    machine,
    run_command,
    run_module,
)
from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError

AUTHORS = "authors"
H100 = pathlib.Path(__file__).parent / "h100.txtpb"
# What the authors' code has: alpha's gradient in first order, and by a difference.
_ORDERS = ("first", "finite_difference")


def measure(config):
    """Measures all steps on this machine's GPU; returns the table.

    Args:
        config: `GpuBenchmarkConfig`.

    Raises:
        UserError: If nothing can be measured.
    """
    if config.authors:
        files = ("model_search.py", "architect.py", "model.py", "genotypes.py")
        for path in (pathlib.Path(config.authors, name) for name in files):
            if not path.is_file():
                raise UserError(
                    f"`authors`={config.authors} has no {path.name}; give the folder "
                    "cnn of the authors' code."
                )
        python = _interpreter(config, "torch", "PyTorch", "authors")
    results = _Results(config)
    for step in config.measurements():
        results.take(step, _measured)
    for step in authors_steps(config) if config.authors else ():
        results.take(step, lambda step: _measured_of_authors(config, python, step))
    check_measured(results.taken)
    return measured_table(results.taken)


def count(config):
    """Counts what a GPU would run for all steps; returns the table.

    Args:
        config: `GpuBenchmarkConfig`.

    Raises:
        UserError: If nothing can be counted.
    """
    target = pathlib.Path(config.target or H100).resolve()
    if not target.is_file():
        raise UserError(f"`target`={config.target} is no file.")
    executions, compiler = (KERNELS,), ()
    if config.aot:
        python = _interpreter(config, "jax", "JAX", "aot")
        executions, compiler = EXECUTIONS, (python, str(target))
    results = _Results(config)
    for step in config.measurements(executions):
        results.take(step, lambda step: _counted(step, compiler))
    check_measured(results.taken)
    return counted_table(results.taken)


def authors_steps(config):
    """The steps that the authors' code has too, each once.

    Args:
        config: `GpuBenchmarkConfig`.

    Returns:
        List of `GpuStep`, their form `AUTHORS`.
    """
    steps = [
        dataclasses.replace(step, form=AUTHORS)
        for step in config.measurements()
        if step.execution == KERNELS
        and step.precision in (FLOAT32, TENSOR_FLOAT_32)
        and (step.network == EVALUATION or step.order in _ORDERS)
    ]
    return [*dict.fromkeys(steps)]


class _Results:
    """What was taken so far, in a file too if there is to be one."""

    def __init__(self, config):
        self._config = config
        self.taken: list[tuple[GpuStep, dict]] = []

    def take(self, step, function):
        """Calls a function of a step, and keeps its result; says what fails."""
        try:
            result = function(step)
        except UserError as error:
            print(f"{step}: left out ({error}).", flush=True)
            return
        print(f"{step}: done", flush=True)
        self.taken.append((step, result))
        # After each, so that a call that is cut off loses nothing.
        if self._config.output:
            content = {
                "config": dataclasses.asdict(self._config),
                "machine": machine(),
                "results": [
                    {**dataclasses.asdict(step), **result}
                    for step, result in self.taken
                ],
            }
            path = pathlib.Path(self._config.output)
            write_atomically(path, json.dumps(content, indent=1) + "\n")


def _measured(step):
    started = repr(time.monotonic())
    return run_module("benchmarks.gpu_step.measurement", json_of_step(step), started)


def _measured_of_authors(config, python, step):
    folder, started = os.path.abspath(config.authors), repr(time.monotonic())
    command = (python, authors.__file__, folder, json_of_step(step), started)
    process = run_command(*command)
    return json.loads(process.stdout.splitlines()[-1])


def _counted(step, compiler):
    if step.execution == KERNELS:
        return run_module("benchmarks.gpu_step.counts", json_of_step(step), *compiler)
    flags = {**dataclasses.asdict(step.sizes), "network": step.network}
    flags |= {"form": step.form, "order": step.order, "precision": step.precision}
    flags = [f"--{name}={value}" for name, value in flags.items() if value is not None]
    with tempfile.TemporaryDirectory() as folder:
        # A process of its own, whose memory XLA may need.
        run_command(sys.executable, "-m", "benchmarks.export_step", folder, *flags)
        return compiled(pathlib.Path(folder), *compiler)


def _interpreter(config, module, name, setting):
    """The path of the interpreter that has a module.

    Raises:
        UserError: If it has not.
    """
    path = shutil.which(config.python or sys.executable)
    if path is None:
        raise UserError(f"`python`={config.python} cannot be run.")
    # Not resolved: the interpreter of an environment is a link to another one.
    path = os.path.abspath(path)
    search = f"import importlib.util; print(importlib.util.find_spec({module!r}))"
    if run_command(path, "-c", search).stdout.strip() == "None":
        raise UserError(
            f"`{setting}` needs {name}, which {path} does not have; `python` may name "
            "an interpreter that has it."
        )
    return path
