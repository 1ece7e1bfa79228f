import pytest
from absl import flags

from darts_tf.published_tables.config import TablesConfig
from flags.zoo import zoo_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    assert config_of(zoo_flags) == TablesConfig()
    layers = TablesConfig("mobilenet_imagenet", summary=True)
    assert config_of(zoo_flags, "--name=mobilenet_imagenet", "--summary") == layers
    assert config_of(zoo_flags, "--output=a") == TablesConfig(output="a")


@pytest.mark.parametrize("arguments", [["--dataset=mnist"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parsed(zoo_flags, *arguments)
