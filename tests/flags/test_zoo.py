import pytest
from absl import flags

from darts_tf.published_tables.config import TablesConfig
from flags import zoo as zoo_flags


def parse(*arguments):
    values = flags.FlagValues()
    zoo_flags.define(values)
    values(["trainers.zoo", *arguments])
    return values


def test_flags_reach_the_configuration():
    assert zoo_flags.to_config(parse()) == TablesConfig()
    arguments = ("--name=mobilenet_imagenet", "--summary", "--output=a")
    expected = TablesConfig("mobilenet_imagenet", summary=True, output="a")
    assert zoo_flags.to_config(parse(*arguments)) == expected


@pytest.mark.parametrize("arguments", [["--dataset=mnist"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parse(*arguments)
