import pytest
from absl import flags

from darts_tf.front import FrontConfig
from flags import front as front_flags


def parse(*arguments):
    values = flags.FlagValues()
    front_flags.define(values)
    values(["trainers.front", *arguments])
    return values


def test_flags_reach_the_configuration():
    config = front_flags.to_config(parse("--targets=200,300.5", "--dataset=digits"))
    assert config == FrontConfig(targets=(200.0, 300.5), dataset="digits")
    assert config.search_config(200.0).cost_target == 200.0
    assert front_flags.output_folder(parse("--output=a")) == "a"
    assert "front" in front_flags.output_folder(parse())


@pytest.mark.parametrize(
    "argument", ["--targets=0", "--targets=a", "--front_batches=0"]
)
def test_bad_values(argument):
    with pytest.raises(flags.Error):
        parse(argument)
