import pytest
from absl import flags

from darts_tf.experiments.importance import ImportanceConfig
from flags import importance as importance_flags


def parse(*arguments):
    values = flags.FlagValues()
    importance_flags.define(values)
    values(["trainers.importance", *arguments])
    return values


def test_flags_reach_the_configuration():
    found = importance_flags.to_config(parse("--run=runs/search", "--batches=3"))
    assert found == ImportanceConfig("runs/search", 3)
    assert importance_flags.to_config(parse("--run=a")) == ImportanceConfig("a")


@pytest.mark.parametrize("arguments", [[], ["--run=a", "--batches=0"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parse(*arguments)
