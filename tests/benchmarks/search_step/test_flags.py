import dataclasses

import pytest
from absl import flags

from benchmarks.search_step import flags as search_step_flags
from benchmarks.search_step.settings import FULL_SIZES, BenchmarkConfig, Sizes


def parse(*arguments):
    values = flags.FlagValues()
    search_step_flags.define(values)
    values(["benchmarks.search_step", *arguments])
    return search_step_flags.to_config(values)


def test_defaults_are_the_configuration():
    assert parse() == BenchmarkConfig()


def test_full_sizes_give_way_to_single_ones():
    assert parse("--full").sizes == FULL_SIZES
    sizes = parse("--full", "--layers=2").sizes
    assert sizes == dataclasses.replace(FULL_SIZES, layers=2)
    assert parse("--layers=2").sizes == Sizes(layers=2)


def test_flags_reach_the_configuration():
    config = parse(
        "--forms=plain,default",
        "--orders=exact",
        "--sweep=layers",
        "--sweep=batch_size",
    )
    assert config.forms == ("plain", "default") and config.orders == ("exact",)
    assert config.sweep == ("layers", "batch_size")


@pytest.mark.parametrize(
    "argument",
    [
        "--forms=fancy",
        "--orders=third",
        "--plain_orders=second",
        "--repetitions=0",
        "--steps=0",
        "--batch_size=1",
        "--sweep=depth",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parse(argument)
