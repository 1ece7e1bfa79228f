import pytest
from absl import flags

from darts_tf.experiments.convolutional_evaluation.config import CIFAR10, IMAGENET
from flags.image_training import training_flags
from tests.flags.programs import config_of, parsed


@pytest.mark.parametrize("defaults", [CIFAR10, IMAGENET])
def test_defaults_are_the_configuration(defaults):
    assert config_of(training_flags, defaults=defaults) == defaults


def test_flags_reach_the_configuration():
    config = config_of(
        training_flags,
        "--genotype=DARTS_V1",
        "--precision=mixed_float16",
        "--noauxiliary",
    )
    assert config.genotype == "DARTS_V1" and config.precision == "mixed_float16"
    assert config.auxiliary is False


@pytest.mark.parametrize(
    "argument",
    [
        "--epochs=0",
        "--steps_per_epoch=0",
        "--validation_steps=0",
        "--batch_size=1",
        "--accumulation_steps=0",
        "--layers=0",
        "--init_channels=1",
        "--stem=mnist",
        "--auxiliary_weight=-1",
        "--drop_path_rate=1",
        "--schedule=linear",
        "--learning_rate=nan",
        "--learning_rate_decay=1.5",
        "--momentum=1",
        "--gradient_clip=0",
        "--label_smoothing=1",
        "--cutout_length=0",
        "--precision=float16",
        "--image_size=3",
        "--seed=-1",
    ],
)
def test_bad_values(argument):
    name = argument[2:].split("=")[0]
    with pytest.raises(flags.Error, match=name):
        parsed(training_flags, argument)
