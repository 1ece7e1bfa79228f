"""Models in all formats, timed by their runtimes."""

import keras
import numpy as np
import pytest

from darts_tf.errors import UserError
from darts_tf.formats.format import FORMATS
from darts_tf.formats.model_files import write_model
from darts_tf.formats.timing import Timing, time_models


def convolutions(count):
    """A model of some convolutions."""
    images = x = keras.Input((32, 32, 8), name="images")
    for _ in range(count):
        x = keras.layers.Conv2D(8, 5, padding="same")(x)
    return keras.Model(images, {"logits": x})


@pytest.mark.parametrize(
    "format",
    [x if x == "litert" else pytest.param(x, marks=pytest.mark.long) for x in FORMATS],
)
def test_more_takes_longer(tmp_path, format):
    """Twenty convolutions take longer than one, on whatever machine."""
    paths = [
        write_model(convolutions(count), format, tmp_path / str(count))
        for count in (1, 20)
    ]
    found = time_models(format, paths, repetitions=5, seconds=0.001)
    assert found.seconds.shape == found.references.shape == (2, 5)
    assert found.ratios[1] > 1.5 and found.milliseconds[0] > 0


def test_medians():
    seconds = np.array([[1.0, 2.0, 9.0], [4.0, 2.0, 3.0]])
    references = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 2.0]])
    found = Timing(seconds, references)
    assert found.ratios.tolist() == [1.0, 2.0]
    assert found.milliseconds.tolist() == [2000.0, 3000.0]


def test_a_file_that_is_no_model(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_text("something")
    with pytest.raises(UserError, match=r"cannot be timed \(ValueError"):
        time_models("litert", [path])
