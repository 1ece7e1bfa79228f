import pytest
from absl import flags

from darts_tf.front import FrontConfig
from flags.front import front_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    config = config_of(front_flags, "--targets=200,300.5", "--dataset=digits")
    assert config == FrontConfig(targets=(200.0, 300.5), dataset="digits")
    assert config.search_config(200.0).cost_target == 200.0
    assert front_flags.output_folder(parsed(front_flags, "--output=a")) == "a"
    assert "front" in front_flags.output_folder(parsed(front_flags))


@pytest.mark.parametrize(
    "argument", ["--targets=0", "--targets=a", "--front_batches=0"]
)
def test_bad_values(argument):
    with pytest.raises(flags.Error):
        parsed(front_flags, argument)
