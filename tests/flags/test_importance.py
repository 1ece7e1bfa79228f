import pytest
from absl import flags

from darts_tf.experiments.importance import ImportanceConfig
from flags.importance import importance_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    found = config_of(importance_flags, "--run=runs/search", "--batches=3")
    assert found == ImportanceConfig("runs/search", 3)
    assert config_of(importance_flags, "--run=a") == ImportanceConfig("a")


@pytest.mark.parametrize("arguments", [[], ["--run=a", "--batches=0"], ["--of=1"]])
def test_bad_values(arguments):
    with pytest.raises(flags.Error):
        parsed(importance_flags, *arguments)
