import pytest
from absl import flags

from darts_tf.errors import UserError
from darts_tf.recurrent import DropoutRates
from flags.search_rnn import search_flags
from tests.flags.programs import config_of, parsed


def test_flags_reach_the_configuration():
    config = config_of(
        search_flags,
        "--order=first",
        "--activations=none,tanh",
        "--dropout_hidden=0.1",
        "--recompute",
        "--precision=mixed_bfloat16",
    )
    assert config.order == "first" and config.activations == ("none", "tanh")
    assert config.recompute and config.precision == "mixed_bfloat16"
    assert config.dropout == DropoutRates(0.0, 0.2, 0.75, 0.1, 0.75)


@pytest.mark.parametrize(
    "argument",
    [
        "--order=third",
        "--hessian=diagonal",
        "--epochs=0",
        "--steps_per_epoch=0",
        "--batch_size=1",
        "--valid_batch_size=1",
        "--sequence_length=0",
        "--hidden_size=0",
        "--nodes=0",
        "--vocabulary_size=2",
        "--dropout_outputs=1",
        "--dropout_words=-0.1",
        "--slowness=-1",
        "--learning_rate=nan",
        "--weight_decay=-0.1",
        "--gradient_clip=0",
        "--arch_learning_rate=x",
        "--arch_weight_decay=-1",
        "--precision=float16",
        "--seed=-1",
        "--unknown=1",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parsed(search_flags, argument)


@pytest.mark.parametrize(
    "argument, message",
    [
        ("--activations=none", "at least one"),
        ("--activations=tanh,tanh", "twice"),
        ("--activations=sine", "sine"),
        ("--activation_modules=no_such_module", "no_such_module"),
    ],
)
def test_bad_activations(argument, message):
    with pytest.raises(UserError, match=message):
        config_of(search_flags, argument).check_activations()
