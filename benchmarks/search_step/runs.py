"""Measurements of the search step, one process after the other."""

import dataclasses
import functools
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

from benchmarks.search_step.sweep_figure import sweep_figure
from benchmarks.search_step.table import cost_table, method_table, ratio_table
from darts_tf.atomic_file import write_atomically
from darts_tf.errors import UserError
from darts_tf.report.figure_files import figure_to_png, figure_to_svg

# Resolved, because Bazel runs a program through links into the source tree.
_REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class Measurements:
    """Runs measurements, each in a fresh process, and keeps what they gave.

    Args:
        config: `BenchmarkConfig`.
    """

    def __init__(self, config):
        self.config = config
        self.results, self._left_out = [], set()

    @functools.cached_property
    def limits(self):
        """What the machine can do; not measured where nothing else could be."""
        return run_module("benchmarks.machine_limits")

    def run(self, settings):
        """Measures `StepSettings`; returns the result, or `None` where it failed."""
        name = f"{settings.form}, {settings.order}"
        if settings in self._left_out:
            return None
        values = json.dumps(dataclasses.asdict(settings))
        try:
            result = run_module(self.config.module, values, repr(time.monotonic()))
        except UserError as error:
            self._left_out.add(settings)
            print(f"{name}: left out ({error}).", flush=True)
            return None
        steps = " ".join(f"{seconds:.3f}" for seconds in result["step"])
        print(f"{name}: steps of {steps} s", flush=True)
        self.results.append(result)
        self._write()
        return result

    def _write(self):
        """After each measurement, so that one that is cut off loses nothing."""
        if self.config.output:
            content = {
                "config": dataclasses.asdict(self.config),
                "machine": machine() | self.limits,
                "results": self.results,
            }
            path = pathlib.Path(self.config.output)
            write_atomically(path, json.dumps(content, indent=1) + "\n")


def run_module(module, *arguments):
    """Runs a module in a process of its own.

    Returns:
        What it printed in its last line, JSON.

    Raises:
        UserError: If it failed; the message is its last line.
    """
    process = run_command(sys.executable, "-m", module, *arguments)
    return json.loads(process.stdout.splitlines()[-1])


def run_command(*command):
    """Runs a program in the folder of the project.

    Args:
        *command: Program and arguments.

    Returns:
        `subprocess.CompletedProcess` with texts.

    Raises:
        UserError: If it cannot be run, or failed; the message is its last line.
    """
    try:
        process = subprocess.run(
            list(map(str, command)),
            cwd=_REPOSITORY,
            capture_output=True,
            text=True,
        )
    except OSError as error:
        raise UserError(f"{command[0]} cannot be run: {error.strerror}.") from error
    if process.returncode:
        ending = f"{' '.join(map(str, command))} ended with {process.returncode}"
        raise UserError((process.stderr.strip().splitlines() or [ending])[-1])
    return process


def machine():
    """Returns what a result depends on beside the settings."""
    return {
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "keras": importlib.metadata.version("keras"),
    }


def compare(config):
    """Measures all forms and orders; returns the tables."""
    measurements = Measurements(config)
    rounds = _rounds(measurements)
    return f"{ratio_table(rounds)}\n\n{cost_table(rounds, measurements.limits)}"


def compare_methods(config):
    """Measures all methods in all orders; returns the table."""
    return method_table(rounds_of(config))


def rounds_of(config):
    """Measures everything; returns the results by form and order, of each round."""
    return _rounds(Measurements(config))


def _rounds(measurements):
    """Results by form and order, of each round."""
    config, rounds = measurements.config, []
    for number in range(config.repetitions):
        print(f"Round {number + 1} of {config.repetitions}", flush=True)
        results = {}
        for settings in config.measurements():
            if result := measurements.run(settings):
                results[settings.form, settings.order] = result
        rounds.append(results)
    check_measured(measurements.results)
    return rounds


def check_measured(results):
    """Raises a `UserError` if there are no results."""
    if not results:
        raise UserError("Nothing could be measured.")


def sweep(config):
    """Measures the first order over sizes; draws it; returns the path of the figure."""
    measurements = Measurements(config)
    sweeps = {}
    for name in config.sweep:
        results = {}
        for _ in range(config.repetitions):
            for settings in config.sweep_measurements(name):
                value = getattr(settings.sizes, name)
                print(f"{name}={value}, ", end="", flush=True)
                if result := measurements.run(settings):
                    results.setdefault(value, []).append(result)
        if results:
            sweeps[name] = results
    check_measured(sweeps)
    figure = sweep_figure(sweeps)
    draw = figure_to_png if config.plot.endswith(".png") else figure_to_svg
    write_atomically(pathlib.Path(config.plot), draw(figure))
    return config.plot
