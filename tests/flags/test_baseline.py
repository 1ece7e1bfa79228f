"""Flags of the searches by trials, of convolutional and of recurrent cells."""

import pytest
from absl import flags

from darts_tf.errors import UserError
from flags import baseline, baseline_rnn

of_both = pytest.mark.parametrize(
    "baseline_flags",
    [baseline.baseline_flags, baseline_rnn.baseline_flags],
    ids=["baseline", "baseline_rnn"],
)


def parse(baseline_flags, *arguments):
    values = flags.FlagValues()
    baseline_flags.define(values)
    values(["trainers.baseline", *arguments])
    return values


@of_both
def test_flags_reach_the_configuration(baseline_flags):
    arguments = ("--method=evolution", "--method_settings=a=1,b=2", "--budget=90m")
    config = baseline_flags.to_config(parse(baseline_flags, *arguments))
    assert (config.method, config.budget) == ("evolution", "90m")
    assert config.method_settings == ("a=1", "b=2")


@of_both
@pytest.mark.parametrize(
    "argument", ["--workers=0", "--epochs=0", "--nodes=0", "--seed=-1", "--genotype=x"]
)
def test_bad_values(baseline_flags, argument):
    with pytest.raises(flags.Error, match=argument[2:].split("=")[0]):
        parse(baseline_flags, argument)


@of_both
def test_bad_budgets(baseline_flags):
    with pytest.raises(UserError, match="`budget`=soon"):
        baseline_flags.to_config(parse(baseline_flags, "--budget=soon"))
