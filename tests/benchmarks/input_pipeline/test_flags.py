import pytest
from absl import flags

from benchmarks.input_pipeline import flags as input_pipeline_flags
from benchmarks.input_pipeline.settings import PipelineConfig


def parse(*arguments):
    values = flags.FlagValues()
    input_pipeline_flags.define(values)
    values(["benchmarks.input_pipeline", *arguments])
    return input_pipeline_flags.to_config(values)


def test_defaults_are_the_configuration():
    assert parse() == PipelineConfig()


def test_flags_reach_the_configuration():
    config = parse("--dataset=digits", "--recipe=imagenet", "--image_size=16")
    assert (config.dataset, config.recipe) == ("digits", "imagenet")
    assert config.image_size == 16


@pytest.mark.parametrize(
    "argument", ["--recipe=other", "--batches=0", "--image_size=1"]
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parse(argument)
