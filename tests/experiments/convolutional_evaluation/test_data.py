import numpy as np
import pytest

from darts_tf.data.images.augmentation import Augmentation
from darts_tf.data.images.large_images import LargeImageAugmentation
from darts_tf.errors import UserError
from darts_tf.experiments.convolutional_evaluation.config import ImageTrainingConfig
from darts_tf.experiments.convolutional_evaluation.data import ImageTrainingData


def make_data(**settings):
    settings = {"dataset": "digits", "batch_size": 500, **settings}
    return ImageTrainingData(ImageTrainingConfig(**settings))


@pytest.mark.parametrize("steps_per_epoch", [None, 1, 3])
def test_a_continued_training_sees_the_same(steps_per_epoch):
    """Also where an epoch ends within a pass over the images."""
    data = make_data(epochs=3, steps_per_epoch=steps_per_epoch)
    steps = steps_per_epoch or data.train.num_examples // 500
    assert data.steps_per_epoch == steps
    whole = list(data.training_batches(0).take(3 * steps).as_numpy_iterator())
    assert len(whole) == 3 * steps
    for epoch in (1, 2):
        rest = data.training_batches(epoch).as_numpy_iterator()
        for old, new in zip(whole[epoch * steps :], rest):
            np.testing.assert_array_equal(old[0], new[0])
            np.testing.assert_array_equal(old[1], new[1])


def test_validation_keeps_the_short_batch():
    data = make_data(batch_size=100)
    labels = [len(y) for _, y in data.validation_batches().as_numpy_iterator()]
    assert sum(labels) == data.valid.num_examples
    assert 0 < labels[-1] < 100
    data = make_data(batch_size=100, validation_steps=2)
    assert len(list(data.validation_batches())) == 2


def test_augmentation_is_that_of_the_stem():
    data = make_data(image_size=16)
    assert data.augmentation == Augmentation(2, False, 8, data.mean, data.std)
    assert make_data(flip=True, cutout_length=3).augmentation.cutout == 3
    assert make_data(flip=True, cutout=False).augmentation.flip
    large = make_data(stem="imagenet", cutout=False).augmentation
    assert isinstance(large, LargeImageAugmentation) and not large.flip


def test_description_is_for_the_report():
    data = make_data()
    description = data.description()
    assert description["num_train"] + description["num_valid"] == 1797
    assert description["image_shape"] == [8, 8, 1]
    assert description["class_names"] == [str(digit) for digit in range(10)]
    assert description["mean"] == list(data.mean)


def test_too_few_images():
    with pytest.raises(UserError, match="fewer than `batch_size`=1790"):
        make_data(batch_size=1790)


def contents(images):
    """The bytes of each image of a stream in memory."""
    pictures, _ = images.contents()
    return sorted(picture.tobytes() for picture in pictures)


def test_halves_share_no_image_and_no_test_image():
    """They are the same ones, whatever the seed of the run."""
    whole, first = make_data(), make_data(half="first", evaluated="other_half")
    second = make_data(half="second", seed=7)
    assert contents(first.valid) == contents(second.train)
    assert contents(second.valid) == contents(whole.valid)
    halves = contents(first.train) + contents(second.train)
    assert sorted(halves) == contents(whole.train)
    assert abs(first.train.num_examples - second.train.num_examples) <= 1
