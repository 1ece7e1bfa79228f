import dataclasses

import pytest
from absl import flags

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_baseline.config import BaselineConfig
from flags.baseline import baseline_flags


def parse(*arguments):
    values = flags.FlagValues()
    baseline_flags.define(values)
    values(["trainers.baseline", *arguments])
    return values


def test_defaults_are_the_configuration():
    assert baseline_flags.to_config(parse()) == BaselineConfig()


def test_every_setting_has_a_flag():
    fields = {field.name for field in dataclasses.fields(BaselineConfig)}
    own = {"help", "helpshort", "helpfull", "helpxml"}
    assert set(parse()) - own == fields | {"output"}


def test_flags_reach_the_configuration():
    config = baseline_flags.to_config(
        parse("--method=evolution", "--method_settings=a=1,b=2", "--budget=90m")
    )
    assert (config.method, config.budget) == ("evolution", "90m")
    assert config.method_settings == ("a=1", "b=2")


def test_output_folder():
    assert baseline_flags.output_folder(parse()).startswith("runs/baseline-")


@pytest.mark.parametrize(
    "argument", ["--workers=0", "--epochs=0", "--nodes=0", "--seed=-1", "--genotype=x"]
)
def test_bad_values(argument):
    with pytest.raises(flags.Error, match=argument[2:].split("=")[0]):
        parse(argument)


def test_bad_budgets():
    with pytest.raises(UserError, match="`budget`=soon"):
        baseline_flags.to_config(parse("--budget=soon"))
