import pytest
from absl import flags

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_search.config import SearchConfig
from flags.search import search_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    config = config_of(
        search_flags, "--order=first", "--primitives=none,skip_connect", "--noflip"
    )
    assert config.order == "first" and config.flip is False
    assert config.primitives == ("none", "skip_connect")


@pytest.mark.parametrize(
    "argument",
    [
        "--order=third",
        "--hessian=diagonal",
        "--epochs=0",
        "--epochs=2.5",
        "--steps_per_epoch=0",
        "--batch_size=1",
        "--layers=0",
        "--init_channels=0",
        "--nodes=0",
        "--learning_rate=-1",
        "--learning_rate=nan",
        "--learning_rate=inf",
        "--learning_rate_min=-1",
        "--momentum=1",
        "--weight_decay=-0.1",
        "--gradient_clip=0",
        "--arch_learning_rate=x",
        "--arch_weight_decay=-1",
        "--train_portion=1",
        "--train_portion=0",
        "--cutout_length=0",
        "--seed=-1",
        "--image_size=3",
        "--unknown=1",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parsed(search_flags, argument)


def test_rates_in_the_wrong_order():
    with pytest.raises(UserError, match="`learning_rate_min`"):
        config_of(search_flags, "--learning_rate_min=0.5")


@pytest.mark.parametrize(
    "argument, message",
    [
        ("--primitives=none", "at least one"),
        ("--primitives=skip_connect,skip_connect", "twice"),
        ("--primitives=sep_conv_4x4", "sep_conv_4x4"),
        ("--primitive_modules=no_such_module", "no_such_module"),
    ],
)
def test_bad_primitives(argument, message):
    with pytest.raises(UserError, match=message):
        config_of(search_flags, argument).check_primitives()


def test_learning_rate_is_the_authors_cosine():
    config = SearchConfig()
    assert config.learning_rate_at(0) == 0.025
    assert config.learning_rate_at(25) == pytest.approx(0.013, rel=1e-12)
    assert config.learning_rate_at(50) == pytest.approx(0.001, rel=1e-12)
