import pytest
from absl import flags

from darts_tf.comparison.config import ComparisonConfig
from flags.compare import compare_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    assert config_of(compare_flags) == ComparisonConfig()
    arguments = ("--dataset=ptb", "--nopublished", "--device_count=8", "--output=a")
    expected = ComparisonConfig("ptb", published=False, device_count=8, output="a")
    assert config_of(compare_flags, *arguments) == expected


@pytest.mark.parametrize("arguments", [["--device_count=0"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parsed(compare_flags, *arguments)
