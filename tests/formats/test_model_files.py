"""What runtimes load of a model; that its outputs are right, tests of exports say."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from darts_tf.errors import UserError
from darts_tf.formats.format import FORMATS
from darts_tf.formats.model_files import image_model, write_model


def small_model():
    images = keras.Input((4, 4, 2), name="images")
    return keras.Model(images, {"logits": keras.layers.Conv2D(3, 1)(images)})


@pytest.mark.parametrize("format", ["litert", "saved_model"])
def test_a_model_where_a_run_has_left_the_optimizer_out(tmp_path, format):
    """As `conftest.py` does, too; afterwards it is left out as before."""
    options = tf.config.optimizer.get_experimental_options
    assert options()["disable_meta_optimizer"]
    path = write_model(small_model(), format, tmp_path / "new")
    assert options()["disable_meta_optimizer"]
    assert (tmp_path / "new" / FORMATS[format].file).exists()
    assert path.is_dir() == (format == "saved_model")


def test_a_saved_model_has_one_signature(tmp_path):
    model = small_model()
    path = write_model(model, "saved_model", tmp_path)
    signatures = tf.saved_model.load(path).signatures
    assert list(signatures) == ["serving_default"]
    images = np.random.default_rng(0).random((2, 4, 4, 2), np.float32)
    found = signatures["serving_default"](images=tf.constant(images))
    np.testing.assert_allclose(found["logits"], model(images)["logits"], rtol=1e-5)


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for format in ("litert", "saved_model"):
        with pytest.raises((UserError, OSError)):
            write_model(small_model(), format, tmp_path / "file")


def test_images_as_users_have_them():
    network = keras.Sequential([keras.layers.GlobalAveragePooling2D("channels_last")])
    model = image_model(network, (2, 2, 3), (0.5, 0.25, 0.0), (0.5, 0.5, 1.0))
    outputs = model(np.full((1, 2, 2, 3), 127.5, np.float32))
    logits = [[0.0, 0.5, 0.5]]
    np.testing.assert_allclose(outputs["logits"], logits, atol=1e-6)
    np.testing.assert_allclose(outputs["probabilities"], tf.nn.softmax(logits))
