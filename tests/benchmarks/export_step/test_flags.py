import pytest
from absl import flags

from benchmarks.export_step import flags as export_step_flags
from benchmarks.export_step.settings import ExportStepConfig
from benchmarks.search_step.settings import FULL_SIZES, Sizes


def parse(*arguments):
    values = flags.FlagValues()
    export_step_flags.define(values)
    values(["benchmarks.export_step", *arguments])
    return export_step_flags.to_config(values)


def test_flags_reach_the_configuration():
    assert parse() == ExportStepConfig()
    assert parse("--full").sizes == FULL_SIZES
    config = parse("--order=exact", "--layers=2")
    assert config.order == "exact" and config.sizes == Sizes(layers=2)


def test_bad_values():
    with pytest.raises(flags.Error, match="order"):
        parse("--order=third")
