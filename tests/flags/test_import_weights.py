import dataclasses

import pytest
from absl import flags

from darts_tf.weights.import_weights import ImportConfig
from flags.import_weights import import_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    required = ("--genotype=DARTS_V2", "--output=a.keras")
    expected = ImportConfig("DARTS_V2", "a.keras")
    assert config_of(import_flags, *required) == expected
    config = config_of(import_flags, *required, "--image_size=48")
    assert config == dataclasses.replace(expected, image_size=48)


@pytest.mark.parametrize(
    "arguments, name",
    [
        (["--output=a.keras"], "genotype"),
        (["--genotype=DARTS_V2"], "output"),
        (["--genotype=DARTS_V2", "--output=a.keras", "--image_size=0"], "image_size"),
        (["--unknown=1"], "unknown"),
    ],
)
def test_bad_values(arguments, name):
    with pytest.raises(flags.Error, match=name):
        parsed(import_flags, *arguments)
