import dataclasses

import pytest
from absl import flags

from benchmarks.gpu_step import flags as gpu_step_flags
from benchmarks.gpu_step.settings import GpuBenchmarkConfig
from benchmarks.search_step.settings import FULL_EVALUATION_SIZES, FULL_SIZES


def parse(*arguments):
    values = flags.FlagValues()
    gpu_step_flags.define(values)
    values(["benchmarks.gpu_step", *arguments])
    return gpu_step_flags.to_config(values)


def test_defaults_are_the_configuration():
    assert parse() == GpuBenchmarkConfig()


def test_both_networks_have_full_sizes():
    config = parse("--full", "--batch_size=32")
    changed = {"batch_size": 32}
    assert config.sizes == dataclasses.replace(FULL_SIZES, **changed)
    expected = dataclasses.replace(FULL_EVALUATION_SIZES, **changed)
    assert config.evaluation_sizes == expected


def test_flags_reach_the_configuration():
    config = parse("--executions=xla", "--precisions=float32,mixed_float16", "--aot")
    assert config.executions == ("xla",) and config.aot
    assert config.precisions == ("float32", "mixed_float16")


@pytest.mark.parametrize(
    "argument",
    ["--networks=all", "--forms=plain", "--executions=fast", "--steps=0"],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parse(argument)
