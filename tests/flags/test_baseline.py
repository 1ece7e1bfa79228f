"""Flags of the searches by trials, of convolutional and of recurrent cells."""

import pytest
from absl import flags

from darts_tf.errors import UserError
from flags import baseline, baseline_rnn
from tests.flags.programs import config_of, parsed

of_both = pytest.mark.parametrize(
    "baseline_flags",
    [baseline.baseline_flags, baseline_rnn.baseline_flags],
    ids=["baseline", "baseline_rnn"],
)


@of_both
def test_flags_reach_the_configuration(baseline_flags):
    arguments = ("--method=evolution", "--method_settings=a=1,b=2", "--budget=90m")
    config = config_of(baseline_flags, *arguments)
    assert (config.method, config.budget) == ("evolution", "90m")
    assert config.method_settings == ("a=1", "b=2")


@of_both
@pytest.mark.parametrize(
    "argument", ["--workers=0", "--epochs=0", "--nodes=0", "--seed=-1", "--genotype=x"]
)
def test_bad_values(baseline_flags, argument):
    with pytest.raises(flags.Error, match=argument[2:].split("=")[0]):
        parsed(baseline_flags, argument)


@of_both
def test_bad_budgets(baseline_flags):
    with pytest.raises(UserError, match="`budget`=soon"):
        config_of(baseline_flags, "--budget=soon")
