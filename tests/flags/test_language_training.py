import dataclasses

import pytest
from absl import flags

from darts_tf.experiments.recurrent_evaluation.config import PTB, WIKITEXT2
from flags.language_training import training_flags
from tests.flags.programs import config_of, parsed


@pytest.mark.parametrize("defaults", [PTB, WIKITEXT2])
def test_defaults_are_the_configuration(defaults):
    assert config_of(training_flags, defaults=defaults) == defaults


def test_dropout_goes_where_it_belongs():
    config = config_of(training_flags, "--dropout_words=0.5", "--dropout_hidden=0")
    rates = dataclasses.astuple(config.dropout)
    assert rates == (0.5, 0.2, 0.75, 0.0, 0.75)


@pytest.mark.parametrize(
    "argument",
    [
        "--epochs=0",
        "--steps_per_epoch=0",
        "--batch_size=0",
        "--valid_batch_size=0",
        "--test_batch_size=0",
        "--hidden_size=0",
        "--sequence_length=0",
        "--vocabulary_size=2",
        "--dropout_words=1",
        "--dropout_hidden=-0.1",
        "--learning_rate=nan",
        "--weight_decay=-1",
        "--gradient_clip=0",
        "--slowness=-1",
        "--averaging_patience=-1",
        "--seed=-1",
        "--unknown=1",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parsed(training_flags, argument)
