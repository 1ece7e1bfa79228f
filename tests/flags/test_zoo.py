import pytest
from absl import flags

from darts_tf.published_tables.config import TablesConfig
from flags.zoo import zoo_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    assert config_of(zoo_flags) == TablesConfig()
    arguments = ("--name=mobilenet_imagenet", "--summary", "--output=a")
    expected = TablesConfig("mobilenet_imagenet", summary=True, output="a")
    assert config_of(zoo_flags, *arguments) == expected


@pytest.mark.parametrize("arguments", [["--dataset=mnist"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parsed(zoo_flags, *arguments)
