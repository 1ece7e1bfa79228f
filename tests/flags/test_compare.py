import pytest
from absl import flags

from darts_tf.comparison.config import ComparisonConfig
from flags import compare as compare_flags


def parse(*arguments):
    values = flags.FlagValues()
    compare_flags.define(values)
    values(["trainers.compare", *arguments])
    return values


def test_flags_reach_the_configuration():
    assert compare_flags.to_config(parse()) == ComparisonConfig()
    arguments = ("--dataset=ptb", "--nopublished", "--device_count=8", "--output=a")
    expected = ComparisonConfig("ptb", published=False, device_count=8, output="a")
    assert compare_flags.to_config(parse(*arguments)) == expected


@pytest.mark.parametrize("arguments", [["--device_count=0"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parse(*arguments)
