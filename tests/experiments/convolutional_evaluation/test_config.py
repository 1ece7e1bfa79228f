import pytest

from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import (
    CIFAR10,
    IMAGENET,
    ImageTrainingConfig,
)


def test_cosine_to_zero_is_constant_in_an_epoch():
    assert CIFAR10.learning_rate_at(0) == 0.025
    assert CIFAR10.learning_rate_at(300) == pytest.approx(0.0125, rel=1e-12)
    assert CIFAR10.learning_rate_at(600) == pytest.approx(0.0, abs=1e-12)
    config = ImageTrainingConfig(epochs=4, learning_rate=0.3, learning_rate_min=0.1)
    assert config.learning_rate_at(2) == pytest.approx(0.2, rel=1e-12)


def test_exponential_schedule():
    assert IMAGENET.learning_rate_at(0) == 0.1
    assert IMAGENET.learning_rate_at(10) == pytest.approx(0.1 * 0.97**10, rel=1e-12)


def test_drop_path_is_linear_in_the_epoch():
    assert CIFAR10.drop_path_rate_at(0) == 0.0
    assert CIFAR10.drop_path_rate_at(450) == pytest.approx(0.15, rel=1e-12)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"learning_rate_min": 1.0}, "`learning_rate_min`=1.0"),
        ({"stem": "imagenet"}, "give `cutout=False`"),
        ({"batch_size": 10, "accumulation_steps": 4}, "`accumulation_steps`=4"),
        ({"evaluated": "other_half"}, "give `half=first` or `half=second`"),
    ],
)
def test_settings_that_do_not_fit_together(arguments, message):
    with pytest.raises(UserError, match=message):
        ImageTrainingConfig(**arguments)
