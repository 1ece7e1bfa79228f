import dataclasses

import pytest
from absl import flags

from benchmarks.rnn_step import flags as rnn_step_flags
from benchmarks.rnn_step.settings import FULL_RECURRENT_SIZES, RecurrentBenchmarkConfig


def parse(*arguments):
    values = flags.FlagValues()
    rnn_step_flags.define(values)
    values(["benchmarks.rnn_step", *arguments])
    return rnn_step_flags.to_config(values)


def test_defaults_are_the_configuration():
    assert parse() == RecurrentBenchmarkConfig()


def test_flags_reach_the_configuration():
    config = parse("--full", "--length=7", "--forms=recompute", "--sweep=units")
    assert config.sizes == dataclasses.replace(FULL_RECURRENT_SIZES, length=7)
    assert config.forms == ("recompute",) and config.sweep == ("units",)


@pytest.mark.parametrize("argument", ["--forms=plain", "--units=1", "--sweep=layers"])
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parse(argument)
